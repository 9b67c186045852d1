/** One request, one answer: its own run or another's that it joined, however many deliveries of it race with the end of that other. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDynamoRunStore } from '../../../../lib/aws/dynamo-run-store.ts';
import type { BotDeps } from '../../../../lib/bot/runs/bot-deps.ts';
import type { ProjectConfig } from '../../../../lib/bot/projects/project-config.ts';
import { createRun, type CreatedRun } from '../../../../lib/bot/runs/create-run.ts';
import { moveTo, type JobRun } from '../../../../lib/bot/record/job-run.ts';
import { closeJoins } from '../../../../lib/bot/runs/join-run.ts';
import { runKeyFor } from '../../../../lib/bot/record/run-key.ts';
import type { RunStore } from '../../../../lib/bot/record/run-store.ts';
import { UpstreamError } from '../../../../lib/http/upstream-error.ts';
import { startTable, type StartedTable } from '../../aws/started-table.ts';

const SHA = 'a'.repeat(40);
const MINUTE_MS = 60_000;
/** A worker puts a message off so often, and the queue gives it out again. */
const MOST_ATTEMPTS = 60;
const DAY_MS = 24 * 60 * MINUTE_MS;
const [ANA, MIA] = [
  { id: 1, login: 'ana' },
  { id: 2, login: 'mia' },
];
const JOB = { platformJobId: 'smoke', configurableParams: {} };
const PROJECT = { projectId: 'p', jobs: { smoke: JOB } } as unknown as ProjectConfig;

let started: StartedTable;
beforeAll(async () => void (started = await startTable()));
afterAll(() => started.close());

let repositories = 0;

/** One pull request, with ways to ask for the same run there. `pause` comes before every access to the table. */
function aPullRequest(pause: () => Promise<void> = () => Promise.resolve()) {
  const repository = { id: (repositories += 1), fullName: 'acme/shop', private: false };
  const { clock, table } = started;
  const quick = createDynamoRunStore(table, () => clock.nowMs);
  const runs = paused(quick, pause);
  const deps = {
    runs,
    nowMs: () => clock.nowMs,
    settings: { runTimeoutMs: 120 * MINUTE_MS, resultsTimeoutMs: 15 * MINUTE_MS },
  } as unknown as BotDeps;
  const keyOf = (commentId: number) =>
    runKeyFor({
      repositoryId: repository.id,
      kind: 'comment',
      triggerId: String(commentId),
      jobId: 'smoke',
      ordinal: 0,
    });
  /** As a worker does it: what passes is tried again. */
  const ask = async (
    commentId: number,
    person = MIA,
    atMs = clock.nowMs,
    again = false,
  ): Promise<CreatedRun> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await createRun(
          deps,
          {
            project: PROJECT,
            jobId: 'smoke',
            job: JOB,
            repository,
            installationId: 1,
            subject: { kind: 'pull-request', number: 7, fromFork: false },
            headSha: SHA,
            baseRef: 'main',
            parameters: {},
            arguments: {},
            requestedBy: person,
            automatic: false,
            trigger: { kind: 'comment', id: String(commentId), commentId, atMs },
            ordinal: 0,
            again,
          },
          () => Promise.resolve(),
        );
      } catch (error) {
        if (!(error instanceof UpstreamError) || !error.retryable || attempt >= MOST_ATTEMPTS) throw error;
      }
    }
  };
  /** As reconciliation does it: ended, its list closed and named in the mention, the claim given back. */
  const end = async (run: JobRun): Promise<void> => {
    const ended = await runs.save(moveTo(run, 'reported', clock.nowMs));
    await closeJoins(runs, run.runKey);
    if (ended) await runs.save({ ...ended, published: { ...ended.published, settled: true } });
    await runs.releaseClaim(run.claimKey, run.runKey);
  };
  const mentioned = async (run: JobRun) => (await closeJoins(quick, run.runKey)).map(({ login }) => login);
  return { ask, end, keyOf, mentioned, runs: quick };
}

function paused(store: RunStore, pause: () => Promise<void>): RunStore {
  return Object.fromEntries(
    Object.entries(store).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'function'
        ? async (...given: unknown[]): Promise<unknown> => {
            await pause();
            return (value as (...all: unknown[]) => unknown)(...given);
          }
        : value,
    ]),
  ) as unknown as RunStore;
}

const freshRun = async (asked: Promise<CreatedRun>): Promise<JobRun> => {
  const { kind, run } = await asked;
  expect(kind).toBe('fresh');
  return run;
};

describe('a request that comes again', () => {
  test('minutes after it had joined a run that has ended since: it is still answered by that run', async () => {
    const { ask, end, keyOf, runs } = aPullRequest();
    const open = await freshRun(ask(1, ANA));
    expect(await ask(2)).toMatchObject({ kind: 'joined', run: { runKey: open.runKey } });
    await end(open);
    started.clock.nowMs += 10 * MINUTE_MS;
    expect(await ask(2)).toMatchObject({ kind: 'joined', run: { runKey: open.runKey, state: 'reported' } });
    expect(await runs.get(keyOf(2))).toBeUndefined();
  });

  test('for the first time, minutes late: a run that was open when it was written answers it', async () => {
    const { ask, end, keyOf, runs } = aPullRequest();
    const open = await freshRun(ask(1, ANA));
    const writtenAtMs = started.clock.nowMs;
    started.clock.nowMs += 5 * MINUTE_MS;
    await end(open);
    started.clock.nowMs += MINUTE_MS;
    for (const _delivery of [1, 2])
      expect(await ask(2, MIA, writtenAtMs)).toMatchObject({ kind: 'joined', run: { runKey: open.runKey } });
    expect(await runs.get(keyOf(2))).toBeUndefined();
  });

  test('minutes late, asking for another run of what has ended meanwhile: gets its own, once', async () => {
    const { ask, end } = aPullRequest();
    const open = await freshRun(ask(1, ANA));
    const writtenAtMs = started.clock.nowMs;
    started.clock.nowMs += 5 * MINUTE_MS;
    await end(open);
    started.clock.nowMs += MINUTE_MS;
    const again = await freshRun(ask(2, MIA, writtenAtMs, true));
    await end(again);
    expect(await ask(2, MIA, writtenAtMs, true)).toMatchObject({
      kind: 'repeated',
      run: { runKey: again.runKey },
    });
  });
});

test('the same words once more after the run has ended: another run, also when they are handled late', async () => {
  const { ask, end } = aPullRequest();
  const first = await freshRun(ask(1));
  await end(first);
  started.clock.nowMs += 10_000;
  const writtenAtMs = started.clock.nowMs;
  const second = await freshRun(ask(2));
  started.clock.nowMs += 5 * MINUTE_MS;
  await end(second);
  started.clock.nowMs += MINUTE_MS;
  expect(second.runKey).not.toBe(first.runKey);
  // Written while the second was open, if handled only now.
  expect(await ask(3, MIA, writtenAtMs)).toMatchObject({ kind: 'joined', run: { runKey: second.runKey } });
  await freshRun(ask(4));
});

test('whoever is too late for the mention gets a run instead of a promise', async () => {
  const { ask, mentioned, runs } = aPullRequest();
  const open = await freshRun(ask(1, ANA));
  expect(await mentioned(open)).toEqual([]); // closes the list while the record says that it is open
  expect((await ask(2)).kind).toBe('fresh');
  expect((await runs.get(open.runKey))?.state).toBe('requested');
});

test('deliveries of one request race with each other and with the end of what it would join', async () => {
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(6)), fc.nat(8), async (turns, endsAfterReads) => {
      const pause = async () => {
        const { value } = turns.next() as { value: number };
        for (let turn = 0; turn < value; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      };
      const { ask, end, keyOf, mentioned, runs } = aPullRequest(pause);
      const open = await freshRun(ask(1, ANA));
      const endLater = async () => {
        for (let read = 0; read < endsAfterReads; read += 1) await runs.get(open.runKey);
        await end(open);
      };
      const answers = await Promise.all([ask(2), ask(2), ask(2), endLater()]);
      const own = await runs.get(keyOf(2));
      const isNamed = (await mentioned(open)).includes('mia');
      const kinds = answers.flatMap((answer) => (answer ? [answer.kind] : []));
      // Its own run, made once, or the mention of the other, and everybody is told the same.
      expect(kinds.filter((kind) => kind === 'fresh')).toHaveLength(own ? 1 : 0);
      expect(own !== undefined).toBe(!kinds.includes('joined'));
      if (!own) expect(isNamed).toBe(true);
      // Nobody waits for a run that will never be there.
      const holder = await runs.claim(open.claimKey, 'pb-somebody-else', started.clock.nowMs + DAY_MS);
      expect(holder).toBe(own ? own.runKey : 'pb-somebody-else');
      outcomes.add(own ? 'own' : 'joined');
    }),
    { numRuns: 40 },
  );
  expect([...outcomes].sort()).toEqual(['joined', 'own']);
});
