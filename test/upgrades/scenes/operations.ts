/** What an operator has to do with: dead letters and projects. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOnFirst } from '../../faults/acts.ts';
import { askUntilAnswered } from '../../faults/operator.ts';
import { nameOf } from '../../faults/places.ts';
import { always, isCommandsRead, UNUSABLE } from '../../faults/scenario.ts';
import type { World } from '../../faults/world.ts';
import { has } from './moments.ts';
import { oneWith, reported, type Scene } from './scene.ts';
import { WHOLE_FILE } from './whole-project-file.ts';

const ORIGINAL = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '..', '..', 'lib', 'bot', 'projects', 'original-project.json'),
    'utf8',
  ),
) as Pick<typeof WHOLE_FILE, 'repoFullName' | 'datastoreApiKey' | 'jobPlatformApiKey'>;

const isToldOfDeath = ({ pulls }: World) =>
  pulls[0].comments.some(({ body }) => body.includes('perf-bot:dead'));

export const OPERATIONS: readonly Scene[] = [
  {
    name: 'a command died',
    acts: [runOnFirst],
    prelude: (world) => always((call) => isCommandsRead(call) && !isToldOfDeath(world()), UNUSABLE),
    moment: has('DEAD#'),
    then: [
      {
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
    expected: reported,
  },
  {
    name: 'a look died',
    messagesDie: true,
    acts: [runOnFirst],
    prelude: () =>
      always(
        ({ place, caller }) => caller?.name === 'run-worker' && nameOf(place) === 'dynamodb UpdateItem RUN',
        UNUSABLE,
      ),
    moment: has('DEAD#'),
    expected: oneWith(1, 'failed'),
  },
  {
    name: 'projects',
    acts: [
      {
        when: () => true,
        async act(world) {
          await askUntilAnswered(world, 'POST', '/config?skip-checks=true', ORIGINAL);
          await askUntilAnswered(world, 'POST', '/config?skip-checks=true', WHOLE_FILE);
          const changed = { ...WHOLE_FILE, datastoreApiKey: 'another-fake-horreum-key' };
          await askUntilAnswered(world, 'PUT', '/config/acme/everything?skip-checks=true', changed);
        },
      },
    ],
    moment: ({ items }) => items.some(({ listSort }) => listSort === 'acme/everything'),
    then: [
      {
        when: () => true,
        async act(world) {
          const all = JSON.stringify(await askUntilAnswered(world, 'GET', '/config'));
          for (const one of ['acme/webshop', 'acme/shop', 'acme/everything'])
            if (!all.includes(`"${one}"`)) throw new Error(`the list of projects lacks ${one}`);
          for (const one of ['acme/shop', 'acme/everything'])
            await askUntilAnswered(world, 'GET', `/config/${one}/urls`);
          // A file without keys keeps those that are stored.
          for (const { datastoreApiKey: _key, jobPlatformApiKey: _other, ...file } of [ORIGINAL, WHOLE_FILE])
            await askUntilAnswered(world, 'PUT', `/config/${file.repoFullName}?skip-checks=true`, file);
          const keys = [...world.aws.secrets.values()].join('\n');
          for (const key of ['HUSR_1B2C_SECRET', 'another-fake-horreum-key', 'fake-argo-key'])
            if (!keys.includes(`"${key}"`)) throw new Error(`the key ${key} is lost`);
        },
      },
      runOnFirst,
    ],
    expected: reported,
  },
];
