/** An operator at work while people work, who repeats what did not succeed: what they asked for must be so in the end, and nothing half done. */
import { PLATFORMS } from '../../lib/perflab/job-executor.ts';
import { isBuilding, runOnFirst } from './acts.ts';
import { askUntilAnswered } from './operator.ts';
import { JOB } from './outside.ts';
import { always, isCommandsRead, UNUSABLE, type Scenario } from './scenario.ts';
import type { World } from './world.ts';

const OTHER = {
  repoFullName: 'acme/other',
  datastoreApiKey: 'key-of-the-other',
  jobs: { [JOB]: { platformJobId: JOB, datastoreConfig: { testId: 10 } } },
};

const isToldOfDeath = ({ pulls }: World) =>
  pulls[0].comments.some(({ body }) => body.includes('perf-bot:dead'));

const PREFIX = 'perf-bot/projects/';

/** All that the bot can look at; what it finds out is other tests' matter. */
const checkEverything = async (world: World) => {
  await askUntilAnswered(world, 'GET', '/admin/check');
  await askUntilAnswered(world, 'GET', '/config/acme/webshop/check');
};

export const OPERATOR_SCENARIOS: readonly Scenario[] = [
  ...PLATFORMS.map((platform): Scenario => ({
    name: `${platform}: an operator checks everything while people work`,
    acts: [runOnFirst, { when: () => true, act: checkEverything }],
    expected: { runs: [1, 0], ends: [['reported'], []] },
    options: () => ({ platform }),
  })),
  {
    name: 'the bot has moved, and an operator connects it to Horreum again',
    acts: [
      {
        when: () => true,
        act: async (world) => void (await askUntilAnswered(world, 'POST', '/config/acme/webshop/connect')),
      },
      runOnFirst,
    ],
    expected: {
      runs: [1, 0],
      ends: [['reported'], []],
      also: ({ horreum, doorUrl }) => {
        const hooks = [...horreum.store.actions.values()]
          .filter(({ event }) => event === 'dataset_labels/computed')
          .map(({ config }) => String(config['url']));
        const isRight = hooks.length === 1 && hooks[0]?.startsWith(`${doorUrl}/`);
        return Promise.resolve(isRight ? [] : [`Horreum posts to ${hooks.join(' and ')}`]);
      },
    },
    // Nobody listens there.
    options: () => ({ wasAt: 'http://127.0.0.1:9' }),
  },
  {
    name: 'an operator sends a dead command again',
    acts: [
      runOnFirst,
      {
        // One command may have died in several messages.
        when: (world) => isToldOfDeath(world) && Object.values(world.aws.messages).flat().length === 0,
        async act(world) {
          const letters = (await askUntilAnswered(world, 'GET', '/admin/dead-letters')) as {
            readonly messageId: string;
          }[];
          for (const { messageId } of letters)
            await askUntilAnswered(world, 'POST', `/admin/dead-letters/${messageId}/replay`);
        },
      },
    ],
    expected: {
      runs: [1, 0],
      ends: [['reported'], []],
      also: async (world) =>
        (await world.deadLetters()).map(({ messageId }) => `the dead letter ${messageId} is still there`),
    },
    // The table is mended before the operator acts.
    prelude: (world) => always((call) => isCommandsRead(call) && !isToldOfDeath(world()), UNUSABLE),
  },
  {
    name: 'an operator removes a project while a job runs',
    acts: [
      runOnFirst,
      {
        when: (world) => isBuilding(world, 0),
        act: async (world) => void (await askUntilAnswered(world, 'DELETE', '/config/acme/webshop')),
      },
    ],
    expected: {
      runs: [1, 0],
      ends: [['cancelled'], []],
      also: async (world) => [
        ...((await world.projectNamed('acme/webshop')) ? ['the project is still there'] : []),
        ...[...world.aws.secrets.keys()]
          .filter((name) => name.startsWith(PREFIX))
          .map((name) => `the keys of the removed project are still there: ${name}`),
      ],
    },
  },
  {
    name: 'an operator brings a project and changes its key',
    acts: [
      {
        when: () => true,
        async act(world) {
          await askUntilAnswered(world, 'POST', '/config?skip-checks=true', OTHER);
          const changed = { ...OTHER, datastoreApiKey: 'newer-key-of-the-other' };
          await askUntilAnswered(world, 'PUT', '/config/acme/other?skip-checks=true', changed);
        },
      },
      runOnFirst,
    ],
    expected: {
      runs: [1, 0],
      ends: [['reported'], []],
      async also(world) {
        const project = await world.projectNamed('acme/other');
        if (!project) return ['the project is not there'];
        const keys = world.aws.secrets.get(PREFIX + project.projectId) ?? '';
        return keys.includes('"newer-key-of-the-other"') ? [] : ['the project has not its newest key'];
      },
    },
  },
];
