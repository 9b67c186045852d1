/** What goes wrong around the scene and not at one call: messages twice, late and in another order, webhooks lost, memories gone, clocks apart. */
import type { WebhookFault } from '../../infra/local/github/webhooks/webhooks.ts';
import type { QueueName } from './aws-stand-in.ts';
import { nameOf } from './places.ts';
import type { Act } from './play-scene.ts';
import { runOnFirst } from './acts.ts';
import { SCENE, type Scenario } from './scenario.ts';
import { seededRandom } from './seeded-random.ts';
import type { World, WorldOptions } from './world.ts';

const HOUR_MS = 60 * 60_000;
const scene = (name: string, options: Scenario['options'], more: Partial<Scenario> = {}): Scenario => ({
  ...SCENE,
  name,
  ...(options ? { options } : {}),
  ...more,
});

const queued = (copies: (queue: QueueName) => readonly number[]) => () => ({ aws: { copies } });

/** After each act, before anything comes of it. */
const afterEachAct = (then: (world: World) => void): Pick<Scenario, 'acts'> => ({
  acts: SCENE.acts.map(({ when, act }) => ({
    when,
    act: async (world) => {
      await act(world);
      then(world);
    },
  })),
});

/** A job that takes its time and uploads nothing. */
const failsAfter = (ms: number): Pick<WorldOptions, 'job'> => ({
  job: async (job) => {
    await job.wait(ms);
    return 'failed';
  },
});

/** What becomes of the deliveries of all comments that people write. */
function withWebhooks(how: WebhookFault['how']): Pick<Scenario, 'acts'> {
  return {
    acts: [FIRST_WORD, ...SCENE.acts.map(withFaults)],
  };

  function withFaults({ when, act }: Act): Act {
    return {
      when: (world) => isAnswered(world) && when(world),
      act: async (world) => {
        const { webhookFaults } = world.github;
        webhookFaults.push({ match: /^issue_comment/, how }, { match: /^issue_comment/, how });
        await act(world);
        webhookFaults.length = 0;
      },
    };
  }
}

/** A project that never got a delivery does not know its repository's id yet. */
const FIRST_WORD: Act = {
  when: () => true,
  act: ({ github, pulls }) => void github.addComment(pulls[0], 'ana', '/perf-bot help'),
};

const isAnswered = ({ pulls }: World) => pulls[0].comments.some(({ author }) => author.type === 'Bot');

export const TROUBLES: readonly Scenario[] = [
  scene(
    'every message comes twice',
    queued(() => [0, 0]),
    {
      expected: { ...SCENE.expected, mostCalls: 1_000 },
    },
  ),
  scene(
    'every message comes twice while a job takes ten minutes',
    () => ({ ...failsAfter(10 * 60_000), ...queued(() => [0, 0])() }),
    {
      acts: [runOnFirst],
      expected: { runs: [1, 0], ends: [['failed'], []], mostCalls: 3_000 },
    },
  ),
  scene(
    'no hint arrives, and a job takes half an hour',
    () => ({ ...failsAfter(30 * 60_000), losesWebhook: (path) => !path.startsWith('/github') }),
    {
      acts: [runOnFirst],
      expected: { runs: [1, 0], ends: [['failed'], []], mostMs: 35 * 60_000 },
    },
  ),
  scene('no hint arrives, and the message of every planned look is lost', () => ({
    aws: { copies: (_queue, body) => (body.includes('"lookNumber"') ? [] : [0]) },
    losesWebhook: (path) => !path.startsWith('/github'),
  })),
  scene(
    'every message comes again two hours later',
    queued(() => [0, 2 * HOUR_MS]),
  ),
  scene('the newest message comes first', () => ({ aws: { order: (items) => [...items].reverse() } })),
  scene('messages come in any order, some late, some twice', () => {
    const random = seededRandom(7);
    return {
      aws: {
        copies: () => (random() < 0.3 ? [random() * 30_000, random() * 90_000] : [random() * 5_000]),
        order: (items) =>
          items
            .map((item) => ({ item, at: random() }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item),
      },
    };
  }),
  scene(
    'every look is two hours late',
    queued((queue) => (queue === 'runs' ? [2 * HOUR_MS] : [0])),
  ),
  scene(
    'commands are three hours late: answered, not run',
    queued((queue) => (queue === 'commands' ? [3 * HOUR_MS] : [0])),
    {
      expected: { runs: [0, 0], ends: [[], []] },
    },
  ),
  scene('no webhook of Horreum arrives', () => ({ losesWebhook: (path) => path.startsWith('/horreum') })),
  scene('no job calls back', () => ({ losesWebhook: (path) => path.startsWith('/job') })),
  scene('no hint arrives at all', () => ({ losesWebhook: (path) => !path.startsWith('/github') })),
  scene('GitHub loses every comment', undefined, withWebhooks('lose')),
  scene('every delivery of a comment fails', undefined, withWebhooks('fail')),
  scene('GitHub repeats every comment', undefined, withWebhooks('repeat')),
  scene('Jenkins restarts and forgets its queue', undefined, {
    expected: {
      runs: [2, 1],
      ends: [
        ['failed', 'reported'],
        ['failed', 'cancelled', 'reported'],
      ],
    },
    prelude: (world) => {
      let starts = 0;
      return ({ place }) => {
        // With the third call after the two starts: whatever waits is gone by then.
        if (nameOf(place) === 'jenkins POST /job/*/buildWithParameters' && (starts += 1) <= 2)
          setImmediate(() => world().lab.jenkins?.restart({ keepWaiting: false }));
        return undefined;
      };
    },
  }),
  scene(
    'GitHub forgets its tokens',
    undefined,
    afterEachAct(({ github }) => github.state.tokens.clear()),
  ),
  scene(
    'the functions are deployed anew',
    undefined,
    afterEachAct(({ containers }) => containers.replaceAll()),
  ),
  scene('the clock is four minutes fast', () => ({ clockSkewMs: 4 * 60_000 })),
  scene('the clock is four minutes slow', () => ({ clockSkewMs: -4 * 60_000 })),
];
