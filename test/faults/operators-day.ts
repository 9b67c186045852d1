/** All that people do on a pull request, and all that an operator does by the API, one after another. */
import { expect } from '@jest/globals';
import { cancelOn, isOver, rerunOnFirst, runOnBoth } from './acts.ts';
import type { QueueName } from './aws-stand-in.ts';
import { requestTo, type Method } from './operator.ts';
import { JOB } from './outside.ts';
import { playScene, type Act } from './play-scene.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

const say = (index: 0 | 1, login: string, command: string, when: Act['when']): Act => ({
  when,
  act: ({ github, pulls }) => void github.addComment(pulls[index], login, `/perf-bot ${command}`),
});

/** Everything that people do on a pull request. */
const PEOPLE: readonly Act[] = [
  runOnBoth,
  cancelOn(1),
  rerunOnFirst,
  ...['ack rt "known"', 'recheck', 'history', 'status', 'queue', `explain`].map((command) =>
    say(0, 'ana', command, (world) => isOver(world, 0)),
  ),
  { when: () => true, act: ({ github, pulls }) => void github.pushTo(pulls[0]) },
  ...(['suspend', 'unsuspend'] as const).map((action): Act => ({
    when: () => true,
    act: ({ github, pulls }) => void github.changeInstallation(pulls[0].repository, action),
  })),
];

function operatorOf({ containers }: World) {
  return async (method: Method, path: string, body?: object): Promise<void> => {
    const answer = await containers.invoke('admin-api', requestTo(method, path, body));
    const expected = method === 'DELETE' ? 204 : /(replay|retry)$/.test(path) ? 202 : 200;
    expect([path, answer]).toEqual([path, expect.objectContaining({ statusCode: expected })]);
  };
}

/** Everything that an operator does with a run and dead letters that are there, and with another project that comes and goes. */
async function operate(
  ask: ReturnType<typeof operatorOf>,
  number: number,
  runKey: string,
  messageIds: readonly string[],
): Promise<void> {
  const other = {
    repoFullName: 'acme/other',
    datastoreApiKey: 'key-of-the-other',
    jobs: { [JOB]: { platformJobId: JOB, datastoreConfig: { testId: 10 } } },
  };
  await ask('GET', '/config');
  await ask('POST', '/config?skip-checks=true', other);
  await ask('PUT', '/config/acme/other?skip-checks=true', { ...other, datastoreApiKey: 'another-key' });
  await ask('GET', '/config/acme/other/check');
  await ask('GET', '/config/acme/other/urls');
  await ask('DELETE', '/config/acme/other');
  await ask('GET', '/admin/check');
  await ask('GET', '/admin/runs');
  await ask('GET', `/admin/runs?repository=acme/webshop&pull=${number}`);
  await ask('GET', `/admin/runs/${runKey}`);
  await ask('POST', `/admin/runs/${runKey}/retry`);
  await ask('GET', '/admin/dead-letters');
  for (const messageId of messageIds) await ask('POST', `/admin/dead-letters/${messageId}/replay`);
}

function die(world: World, queue: QueueName, id: string, message: object): void {
  const nowMs = world.clock.nowMs();
  world.aws.messages[queue].push({
    id,
    body: JSON.stringify(message),
    sentAtMs: nowMs,
    visibleAtMs: nowMs,
    receives: 0,
  });
}

/** People, then the operator. */
export async function operatorsDay(onCall: NonNullable<WorldOptions['onCall']>): Promise<void> {
  const world = await startWorld({ onCall, lingersMs: 60_000 });
  const { containers } = world;
  const ask = operatorOf(world);
  const [pull] = world.pulls;
  Object.assign(pull.repository, { private: true });
  try {
    await playScene(world, PEOPLE);
    const [run] = await world.runsOf(pull);
    const runKey = run?.runKey ?? '';
    die(world, 'dead-runs', 'dead-look', { version: 1, kind: 'look', runKey });
    die(world, 'dead-commands', 'dead-command', { version: 1, deliveryId: 'x', delivery: { kind: 'push' } });
    await playScene(world, []);
    await operate(ask, pull.number, runKey, ['dead-look', 'dead-command']);
    for (const query of ['', '?token=wrong']) {
      const asked = requestTo('GET', `/runs/${runKey}${query}`);
      expect(await containers.invoke('run-verdict', { ...asked, pathParameters: { runKey } })).toMatchObject({
        statusCode: 404, // of a private repository, to strangers
      });
    }
    // The project goes while a run is open, so that there is something to stop.
    const building = new Error('a build has begun');
    const interrupted = playScene(world, [
      say(0, 'ana', `run ${JOB}`, () => true),
      {
        when: ({ lab }) => lab.jenkins?.builds(JOB).some(({ run: build }) => !build.end) ?? false,
        act: () => {
          throw building;
        },
      },
    ]);
    await expect(interrupted).rejects.toBe(building);
    await ask('DELETE', '/config/acme/webshop');
  } finally {
    await world.close();
  }
}
