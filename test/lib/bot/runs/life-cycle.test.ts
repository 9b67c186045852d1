/** The run's life cycle holds its promises in thousands of random histories. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changeRun } from '../../../../lib/bot/runs/change-run.ts';
import { hasEnded, type JobRun } from '../../../../lib/bot/record/job-run.ts';
import { nextLookInMs } from '../../../../lib/bot/runs/next-look.ts';
import { aRun, CREATED_AT_MS, MINUTE_MS } from '../a-run.ts';
import { anyAnswers, anyHistory, lookOnce, type Answers, type World } from './life-cycle-model.ts';

const worlds = fc
  .record({
    platformTellsStatus: fc.boolean(),
    hasStore: fc.boolean(),
    deadlineMinutes: fc.integer({ min: 1, max: 240 }),
    resultsMinutes: fc.integer({ min: 1, max: 60 }),
  })
  .map(({ platformTellsStatus, hasStore, deadlineMinutes, resultsMinutes }) => ({
    platformTellsStatus,
    run: withStore(
      aRun({
        deadlineAtMs: CREATED_AT_MS + deadlineMinutes * MINUTE_MS,
        resultsTimeoutMs: resultsMinutes * MINUTE_MS,
      }),
      hasStore,
    ),
  }));

function withStore({ horreum, ...run }: JobRun, hasStore: boolean): JobRun {
  return hasStore && horreum ? { ...run, horreum } : run;
}

const freshWorld = (about: { run: JobRun; platformTellsStatus: boolean }): World => ({
  ...about,
  nowMs: CREATED_AT_MS,
  isFresh: true,
  starts: 0,
  nowheres: 0,
  startedAtMs: -Infinity,
});

/** Looks as often as the run asks for, until it has ended or so much time has passed. */
function goOn(world: World, untilMs: number, answers: (index: number) => Answers): void {
  for (let index = 0; !hasEnded(world.run) && world.nowMs < untilMs; index += 1) {
    world.nowMs += nextLookInMs(world.run, world.nowMs) ?? Number.NaN;
    lookOnce(world, answers(index));
  }
}

/** What keeps a run open as long as anything can. */
const STUBBORN: Answers = {
  start: { kind: 'unknown', message: 'no answer' },
  find: undefined,
  platform: { phase: 'running', ref: { queueId: '1' } },
  upload: { kind: 'pending', runId: 9, url: 'https://horreum.test/run/9', waitingFor: 'labels' },
  crashes: false,
};
/** Three minutes that a stop may go unheeded, and the longest wait for the next look. */
const STOPPING_MS = 4 * MINUTE_MS;

test('a start that went out late and was not answered is looked for as long as any other', () => {
  const world = freshWorld({ run: aRun(), platformTellsStatus: true });
  const nowhere: Answers = { ...STUBBORN, find: 'nowhere' };
  world.nowMs += 5_000;
  for (const waitMs of [0, 0, 5_000, 0, 5_000, 0]) {
    world.nowMs += waitMs;
    lookOnce(world, nowhere); // says so if the start goes out again too early
  }
  expect(world.starts).toBe(2);
});

test('forward only · one start per attempt · an ended run stays · nothing reported too early', () => {
  fc.assert(
    fc.property(worlds, anyHistory, (about, history) => {
      fc.modelRun(() => ({ model: {}, real: freshWorld(about) }), history);
    }),
    { numRuns: 4000 },
  );
});

describe('it always ends', () => {
  test('by its deadline and the time for stopping and results, whatever is answered', () => {
    const answers = fc.array(anyAnswers, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(worlds, answers, fc.boolean(), (about, some, stubborn) => {
        const world = freshWorld(about);
        const lastMs = world.run.deadlineAtMs + world.run.resultsTimeoutMs + STOPPING_MS;
        const cycle = stubborn ? [STUBBORN] : some.map((one) => ({ ...one, crashes: false }));
        lookOnce(world, STUBBORN);
        goOn(world, lastMs + MINUTE_MS, (index) => cycle[index % cycle.length] ?? STUBBORN);
        expect(hasEnded(world.run)).toBe(true);
        expect(world.nowMs).toBeLessThanOrEqual(lastMs);
      }),
      { numRuns: 600 },
    );
  });

  test('soon after it was cancelled, whatever is answered', () => {
    fc.assert(
      fc.property(worlds, fc.array(anyAnswers, { maxLength: 8 }), (about, some) => {
        const world = freshWorld(about);
        for (const one of some) lookOnce(world, { ...one, crashes: false });
        if (hasEnded(world.run) || world.run.cancelRequested) return;
        world.run = changeRun(world.run, { kind: 'cancel', by: 'bo', why: 'person' }, world.nowMs);
        const cancelledAtMs = world.nowMs;
        goOn(world, cancelledAtMs + 60 * MINUTE_MS, () => STUBBORN);
        expect(hasEnded(world.run)).toBe(true);
        expect(world.nowMs - cancelledAtMs).toBeLessThanOrEqual(STOPPING_MS);
      }),
      { numRuns: 600 },
    );
  });
});
