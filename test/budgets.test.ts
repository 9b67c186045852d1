/** Neither bundles nor calls grow unnoticed: sizes of what is deployed, and exactly which outside calls a command and a look make. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleFunctions } from '../infra/aws/bundle.ts';
import { takeRunMessage } from '../lib/bot/runs/take-run-message.ts';
import { workerDeps } from '../lib/wiring/workers.ts';
import { startMeteredWorld, type MeteredWorld } from './bench/metered-world.ts';
import { forgetCalls, tallyCalls, totals } from './bench/tally-calls.ts';
import { until, untilQuiet } from './bench/until.ts';

const KB = 1_000;
const BUDGETS: Readonly<Record<string, number>> = {
  'github-webhook': 39 * KB,
  'horreum-webhook': 34 * KB,
  'perflab-webhook': 35 * KB,
  'amqp-worker': 39 * KB,
  'command-worker': 525 * KB,
  'run-worker': 470 * KB,
  sweeper: 372 * KB,
  'dead-letters': 410 * KB,
  'run-verdict': 224 * KB,
  'admin-api': 590 * KB,
};

describe('what is deployed', () => {
  let outDir = '';
  beforeAll(async () => void (outDir = await mkdtemp(join(tmpdir(), 'perf-bot-budgets-'))));
  afterAll(() => rm(outDir, { recursive: true, force: true }));

  test('every function has a budget and keeps it', async () => {
    const sizes = await bundleFunctions({ outDir });
    expect(sizes.map(({ name }) => name).sort()).toEqual(Object.keys(BUDGETS).sort());
    expect(sizes.filter(({ name, bytes }) => bytes > (BUDGETS[name] ?? 0))).toEqual([]);
  });

  test('nothing is imported at run time: `import()` of a built-in loads all of Node’s fetch at a cold start', async () => {
    for (const name of Object.keys(BUDGETS))
      expect(await readFile(join(outDir, name, 'index.cjs'), 'utf8')).not.toMatch(/\bimport\(/);
  });
});

describe('outside calls, counted at the sockets', () => {
  const NO_DELAYS = { github: 0, jenkins: 0, horreum: 0, dynamodb: 0, sqs: 0 };
  /** The job is still at it when the test is over. */
  const SLOW_JOB = 0.01;
  const QUIET_MS = 150;
  let metered: MeteredWorld;

  beforeAll(async () => {
    metered = await startMeteredWorld(NO_DELAYS, { speed: SLOW_JOB });
    await say('help'); // the first delivery teaches the project its repository's id, and the App gets its token
  });
  afterAll(() => metered.close());

  const callCount = () => Object.values(totals(metered)).reduce((sum, count) => sum + count, 0);
  const settled = () => untilQuiet(callCount, QUIET_MS);
  async function say(command: string): Promise<void> {
    await settled();
    forgetCalls(metered);
    metered.world.addComment('ana', `/perf-bot ${command}`);
    await until(`an answer to ${command}`, () => {
      const made = tallyCalls(metered, 'github');
      return 'POST /repos/*/issues/*/comments' in made && 'POST /repos/*/issues/comments/*/reactions' in made;
    });
    await settled();
  }

  test('a command that only looks: one reaction, one reply, no more than two reads for itself', async () => {
    await say('list');
    expect(tallyCalls(metered, 'github')).toEqual({
      'POST /repos/*/issues/comments/*/reactions': 1,
      'POST /repos/*/issues/*/comments': 1,
    });
    expect(tallyCalls(metered, 'jenkins')).toEqual({});
    expect(tallyCalls(metered, 'horreum')).toEqual({});
    expect(totals(metered)['dynamodb']).toBeLessThanOrEqual(5);
  });

  test('`run`: each call is one that the contracts ask for, and a look without news touches neither GitHub nor the pull request', async () => {
    await say('run getting-started');
    await until('the next look is arranged', () => 'SendMessage perf-bot-runs' in tallyCalls(metered, 'sqs'));
    expect(tallyCalls(metered, 'github')).toEqual({
      'GET /repos/*/collaborators/*/permission': 1,
      'GET /repos/*/pulls/*': 1,
      'POST /repos/*/issues/comments/*/reactions': 1,
      'POST /repos/*/check-runs': 1,
      'POST /repos/*/issues/*/comments': 1,
    });
    expect(tallyCalls(metered, 'jenkins')).toEqual({ 'POST /job/getting-started/buildWithParameters': 1 });
    expect(tallyCalls(metered, 'horreum')).toEqual({ 'GET /api/run/list/*': 1 });
    expect(tallyCalls(metered, 'sqs')).toEqual({
      'SendMessage perf-bot-commands': 1,
      'SendMessage perf-bot-runs': 1,
    });
    // GitHub's limits are asked for once in a few seconds, whatever happens in them.
    const { 'GetItem LIMIT#': limitsRead = 0, ...stored } = tallyCalls(metered, 'dynamodb');
    expect(limitsRead).toBeLessThanOrEqual(1);
    expect(stored).toEqual({
      'UpdateItem COUNTER#': 1,
      'GetItem REPOSITORY#': 1,
      'GetItem PROJECT#': 1,
      'GetItem RUN#': 1,
      'PutItem OPEN#': 1,
      'PutItem RUN#': 3,
      'GetItem PR#': 1,
      'Query by-pull-request': 1,
      'BatchGetItem RUN#': 1, // its runs: the index holds keys only, which halves the price of every write
      'GetItem DURATIONS#': 2,
      'PutItem PR#': 2,
    });

    const { world } = metered;
    await world.server.close(); // from here on nothing moves by itself
    const deps = await workerDeps(world.local.environment, 'run-worker').bot();
    const runKey = world.github.checkRuns()[0]?.externalId ?? '';
    const look = () => takeRunMessage(deps, { version: 1, kind: 'look', runKey }, Date.now());
    await look(); // may bring news: how the queue stands
    forgetCalls(metered);
    await look();
    expect(tallyCalls(metered, 'github')).toEqual({});
    expect(tallyCalls(metered, 'horreum')).toEqual({});
    expect(tallyCalls(metered, 'jenkins')).toEqual({
      'GET /queue/item/*/api/json': 1,
      'GET /queue/api/json': 1, // how many wait before it
    });
    expect(tallyCalls(metered, 'dynamodb')).toEqual({
      'GetItem RUN#': 1,
      'UpdateItem RUN#': 1,
      'GetItem PROJECT#': 1,
      'PutItem RUN#': 1,
    });
  });
});
