/** Single cases of a run's life that cost somebody a result or a wrong word if they went wrong. */
import { describe, expect, test } from '@jest/globals';
import { afterLook, type Seen } from '../../../../lib/bot/runs/after-look.ts';
import { changeRun } from '../../../../lib/bot/runs/change-run.ts';
import { moveTo, type JobRun } from '../../../../lib/bot/record/job-run.ts';
import { nextLookInMs } from '../../../../lib/bot/runs/next-look.ts';
import { planLook } from '../../../../lib/bot/runs/plan-look.ts';
import { aReport, aRow, aRun, CREATED_AT_MS, MINUTE_MS } from '../a-run.ts';

const at = (minutes: number): number => CREATED_AT_MS + minutes * MINUTE_MS;
const REF = { queueId: '3', runId: '12' };
const UPLOAD = { runId: 57, url: 'https://horreum.test/run/57' };
const after = (run: JobRun, seen: Seen, minutes: number) => afterLook(run, seen, at(minutes));
const queued = after(aRun(), { started: { kind: 'accepted', ref: REF } }, 0);
const running = after(queued, { platform: { phase: 'running', ref: REF, startedAtMs: at(1) } }, 1);
const passed = (minutes: number): Seen => ({
  platform: { phase: 'succeeded', ref: REF, finishedAtMs: at(minutes) },
});
const ready: Seen = { upload: { kind: 'ready', ...UPLOAD, report: aReport() } };

describe('the usual way', () => {
  test('requested, queued, running, uploaded, reported', () => {
    const done = after(after(running, ready, 5), passed(5), 5.1);
    expect(done.history.map(({ state }) => state)).toEqual([
      'requested',
      'queued',
      'running',
      'uploaded',
      'reported',
    ]);
    expect(done).toMatchObject({
      endedAtMs: at(5.1),
      horreum: { runId: 57, readyAtMs: at(5) },
      platformRun: { ref: REF },
    });
  });

  test('a job that never says its end is waited for only a little', () => {
    const uploaded = after(running, ready, 5);
    expect(after(uploaded, {}, 5.2).state).toBe('uploaded');
    expect(after(uploaded, {}, 5.4).state).toBe('reported');
  });
});

describe('a job that ended while nobody could look', () => {
  const late = after(queued, passed(3), 60);

  test('is not said to lack results before Horreum was asked', () => {
    expect(late.state).toBe('running');
    expect(planLook(late, at(60.1), true)).toMatchObject({ askHorreum: true, askPlatform: false });
  });

  test('is reported if its results are there, else said to lack them', () => {
    expect(after(late, ready, 60.1).state).toBe('reported');
    expect(after(late, { upload: { kind: 'none', undecided: [] } }, 60.1).state).toBe('results-missing');
    const down = after(late, { upload: { kind: 'unreachable', why: 'no answer' } }, 60.1);
    expect(down).toMatchObject({ state: 'results-missing', horreum: { trouble: 'no answer' } });
  });

  test('also beyond its deadline', () => {
    const beyond = after(queued, passed(3), 121);
    expect(beyond.state).toBe('running');
    expect(after(beyond, ready, 121.1).state).toBe('reported');
  });
});

describe('a bad end, as the lab explains it', () => {
  const ends = (platform: Partial<NonNullable<Seen['platform']>>) =>
    after(running, { platform: { phase: 'failed', ref: REF, ...platform } }, 3);

  test('a limit of the job’s own is a time-out, a wrong set-up the configuration’s fault', () => {
    const late = ends({ phase: 'timed-out', reason: 'Step exceeded its deadline', stage: 'measure' });
    expect(late).toMatchObject({ state: 'timed-out', failure: { looksLike: 'aborted', stage: 'measure' } });
    expect(ends({ fault: 'configuration' }).failure?.looksLike).toBe('configuration');
  });

  test('a warning beside a good end stays with the report', () => {
    const warned = ends({ phase: 'succeeded', warning: 'its exit handler failed', finishedAtMs: at(3) });
    expect(after(warned, ready, 3.1)).toMatchObject({
      state: 'reported',
      platformRun: { warning: 'its exit handler failed' },
    });
  });
});

describe('a cancelled run', () => {
  const cancelled = changeRun(running, { kind: 'cancel', by: 'bo', why: 'person' }, at(2));

  test.each<[string, Seen, string]>([
    ['when the lab has stopped it', { platform: { phase: 'cancelled', ref: REF } }, 'cancelled'],
    ['when the job had just passed', passed(2), 'cancelled'],
    ['but is reported if its results came all the same', { ...passed(2), ...ready }, 'reported'],
  ])('ends %s', (_name, seen, state) => expect(after(cancelled, seen, 2.1).state).toBe(state));

  test('that the lab never confirms is given up, and does not claim that the job has stopped', () => {
    const early = after(cancelled, {}, 4.9);
    expect(early.state).toBe('running');
    expect(after(early, {}, 5)).toMatchObject({ state: 'cancelled', cancelRequested: { unconfirmed: true } });
    const confirmed = after(cancelled, { platform: { phase: 'cancelled', ref: REF } }, 6);
    expect(confirmed.cancelRequested).not.toHaveProperty('unconfirmed');
  });

  test('that the lab no longer knows was cancelled, not lost', () => {
    const lost: Seen = { platform: { phase: 'lost', ref: REF } };
    const seenThrice = [2.1, 2.2, 2.3].reduce((run, minutes) => after(run, lost, minutes), cancelled);
    expect(seenThrice.state).toBe('cancelled');
    expect([2.1, 2.2, 2.3].reduce((run, minutes) => after(run, lost, minutes), running)).toMatchObject({
      state: 'failed',
      failure: { looksLike: 'lab' },
    });
  });

  test('waits no longer for results', () => {
    const waiting = after(running, passed(5), 5);
    const stopped = changeRun(waiting, { kind: 'cancel', by: 'bo', why: 'person' }, at(6));
    expect(after(stopped, { upload: { kind: 'none', undecided: [] } }, 6.1).state).toBe('cancelled');
  });

  test('is stopped ever harder', () => {
    const urgency = (minutes: number) => planLook(cancelled, at(minutes), true).cancel;
    expect([2, 2.6, 3.1].map(urgency)).toEqual(['gentle', 'firm', 'kill']);
    expect(planLook(after(cancelled, passed(2), 2), at(2), true).cancel).toBeUndefined();
  });

  test('keeps who cancelled it first', () => {
    const again = changeRun(cancelled, { kind: 'cancel', by: 'cy', why: 'closed' }, at(3));
    expect(again).toBe(cancelled);
  });
});

describe('a start that nobody answered', () => {
  const unknown = after(aRun(), { started: { kind: 'unknown', message: 'no answer' } }, 0);

  test('is looked for, and sent again only when it was found nowhere twice, with time in between', () => {
    const once = after(unknown, { found: 'nowhere' }, 0.1);
    const twice = after(once, { found: 'nowhere' }, 0.2);
    expect([unknown, once, twice].map((run) => planLook(run, at(1), true).start)).toEqual([
      'find-first',
      'find-first',
      'start-again',
    ]);
    const atOnce = after(after(unknown, { found: 'nowhere' }, 0.01), { found: 'nowhere' }, 0.02);
    expect(planLook(after(atOnce, { found: 'nowhere' }, 0.11), at(1), true).start).toBe('find-first');
    expect(after(once, { found: REF }, 0.2)).toMatchObject({
      state: 'queued',
      platformRun: { ref: REF, misses: 0 },
    });
  });

  test('is never sent again for somebody who has cancelled', () => {
    const cancelled = changeRun(unknown, { kind: 'cancel', by: 'bo', why: 'person' }, at(0.1));
    const missed = after(cancelled, { found: 'nowhere' }, 0.2);
    expect(planLook(missed, at(0.3), true).start).toBe('find-first');
    expect(after(missed, { found: 'nowhere' }, 0.3).state).toBe('cancelled');
  });

  test('a refusal ends it as configuration', () =>
    expect(after(aRun(), { started: { kind: 'rejected', message: 'no job x' } }, 0)).toMatchObject({
      state: 'failed',
      failure: { looksLike: 'configuration', reason: 'no job x' },
    }));
});

function theReport({ report }: JobRun): NonNullable<JobRun['report']> {
  if (!report) throw new Error('the run has no report');
  return report;
}

describe('a recheck', () => {
  test('keeps a verdict; without one it looks for results anew, and forgets that somebody once cancelled', () => {
    const cancelled = changeRun(running, { kind: 'cancel', by: 'bo', why: 'person' }, at(2));
    const reported = after(cancelled, { ...passed(2), ...ready }, 2.1);
    expect(changeRun(reported, { kind: 'recheck' }, at(10))).toBe(reported);
    const undecided = { ...reported, report: { ...theReport(reported), verdict: 'cannot-tell' as const } };
    const again = changeRun({ ...undecided, published: { settled: true } }, { kind: 'recheck' }, at(10));
    expect(again).toMatchObject({ state: 'running', published: {} });
    expect(again.published.settled).toBeUndefined();
    expect(after(again, { upload: { kind: 'pending', ...UPLOAD, waitingFor: 'labels' } }, 10.1).state).toBe(
      'uploaded',
    );
    expect(after(again, ready, 10.1).state).toBe('reported');
  });

  test.each(['failed', 'cancelled', 'timed-out'] as const)('changes nothing of a %s run', (state) => {
    const ended = moveTo(running, state, at(3));
    expect(changeRun(ended, { kind: 'recheck' }, at(4))).toBe(ended);
  });
});

test('an acknowledgement turns the verdict, keeps the counts, and is said of the metric only', () => {
  const rows = [aRow({ name: 'rt', verdict: 'worse' }), aRow({ name: 'rps', title: 'RPS' })];
  const reported = moveTo({ ...running, report: aReport(rows) }, 'reported', at(5));
  const change = { kind: 'acknowledge', metric: 'rt', by: 'bo', reason: 'needed' } as const;
  const { report } = changeRun(reported, change, at(6));
  expect(reported.report?.verdict).toBe('slower');
  expect(report).toMatchObject({ verdict: 'unchanged', counts: { worse: 1, same: 1 } });
  expect(report?.rows.map(({ acknowledged }) => acknowledged?.by)).toEqual(['bo', undefined]);
  expect(changeRun(running, change, at(6))).toBe(running);
});

test('the next look comes soon at first, then less and less often, and at the deadline', () => {
  const inSeconds = (run: JobRun, minutes: number) => (nextLookInMs(run, at(minutes)) ?? 0) / 1000;
  expect([1, 2, 5, 11, 60].map((minutes) => inSeconds(running, minutes))).toEqual([2, 6, 24, 60, 60]);
  expect(inSeconds(running, 119.5)).toBe(30);
  const ended = moveTo(running, 'failed', at(2));
  expect(inSeconds(ended, 3)).toBe(5);
  expect(nextLookInMs({ ...ended, published: { settled: true } }, at(3))).toBeUndefined();
});
