/** A run's life as a state machine for fast-check: any answers of lab and Horreum, crashes, waits and people's wishes, in any order. */
import fc from 'fast-check';
import { afterLook, WAIT_FOR_RESULTS_MS, type Seen } from '../../../../lib/bot/runs/after-look.ts';
import type { UploadSeen } from '../../../../lib/bot/runs/after-upload.ts';
import { changeRun } from '../../../../lib/bot/runs/change-run.ts';
import { hasEnded, RUN_STATES, type JobRun } from '../../../../lib/bot/record/job-run.ts';
import { nextLookInMs } from '../../../../lib/bot/runs/next-look.ts';
import { planLook, type LookPlan } from '../../../../lib/bot/runs/plan-look.ts';
import { leaseFor } from '../../../../lib/bot/runs/hold-run.ts';
import type { PlatformState, StartResult } from '../../../../lib/perflab/job-executor.ts';
import { aReport, CREATED_AT_MS } from '../a-run.ts';

export interface World {
  run: JobRun;
  nowMs: number;
  /** Nobody has looked yet, so that the first look knows that nothing was sent. */
  isFresh: boolean;
  platformTellsStatus: boolean;
  /** Starts that were sent since the run was last found nowhere twice. */
  starts: number;
  /** Answers "nowhere" in a row since the last start. */
  nowheres: number;
  /** When the last start was sent. */
  startedAtMs: number;
}

/** What the outside says, should it be asked; undefined: it can't be reached. */
export interface Answers {
  readonly start: StartResult | undefined;
  readonly find: 'there' | 'nowhere' | undefined;
  readonly platform: PlatformState | undefined;
  readonly upload: UploadSeen;
  /** The process dies after everything was sent and before anything was written. */
  readonly crashes: boolean;
}

const REF = { queueId: '1', url: 'https://lab.test/job/x' };
const UPLOAD = { runId: 9, url: 'https://horreum.test/run/9' };
const phases = [
  'queued',
  'running',
  'succeeded',
  'unstable',
  'failed',
  'cancelled',
  'timed-out',
  'lost',
] as const;

export const anyAnswers: fc.Arbitrary<Answers> = fc.record({
  start: fc.constantFrom<StartResult | undefined>(
    { kind: 'accepted', ref: REF },
    { kind: 'rejected', message: 'no such job' },
    { kind: 'unknown', message: 'no answer' },
    undefined,
  ),
  find: fc.constantFrom('there' as const, 'nowhere' as const, undefined),
  platform: fc.option(
    fc
      .record({ phase: fc.constantFrom(...phases, 'running', 'succeeded'), afterMs: fc.nat(7_200_000) })
      .map(({ phase, afterMs }): PlatformState => ({
        phase,
        ref: REF,
        ...(phase === 'running' ? { startedAtMs: CREATED_AT_MS + afterMs } : {}),
        ...(phase === 'succeeded' ? { finishedAtMs: CREATED_AT_MS + afterMs } : {}),
      })),
    { nil: undefined },
  ),
  upload: fc.constantFrom<UploadSeen>(
    { kind: 'none', undecided: [] },
    { kind: 'none', undecided: [9] },
    { kind: 'unreachable', why: 'no answer' },
    { kind: 'pending', ...UPLOAD, waitingFor: 'labels' },
    { kind: 'pending', ...UPLOAD, waitingFor: 'results', report: aReport() },
    { kind: 'ready', ...UPLOAD, report: aReport() },
    { kind: 'refused', ...UPLOAD, why: 'it is private' },
  ),
  crashes: fc.boolean(),
});

/** One look, as `reconcileRun` does it, with every invariant that holds for a look. */
export function lookOnce(world: World, answers: Answers): void {
  const before = world.run;
  const plan = planLook(before, world.nowMs, world.platformTellsStatus, world.isFresh);
  world.isFresh = false;
  let run = before;
  if (plan.start === 'start' || plan.start === 'start-again') {
    assure(
      'one start per attempt, unless it was found nowhere twice',
      world.starts === 0 || world.nowheres >= 2,
    );
    assure('starts are ten seconds apart', world.nowMs - world.startedAtMs >= 10_000);
    // Without an answer nothing was sent; else `unknown` would be the answer.
    if (answers.start || answers.crashes) {
      world.starts += 1;
      world.startedAtMs = world.nowMs;
      world.nowheres = 0;
    }
    if (plan.start === 'start-again')
      run = { ...run, platformRun: { ...run.platformRun, misses: 0, missedAtMs: world.nowMs } };
  }
  if (plan.start === 'find-first' && answers.find === 'nowhere' && !answers.crashes) world.nowheres += 1;
  world.run = run;
  if (answers.crashes) {
    // Nobody else looks while the lease of who died still holds.
    world.nowMs = leaseFor(world.nowMs);
    return;
  }
  const seen = seenOf(plan, answers);
  world.run = afterLook(run, seen, world.nowMs);
  checkLook(before, world.run, seen, world.nowMs);
}

function seenOf(plan: LookPlan, { start, find, platform, upload }: Answers): Seen {
  const starts = plan.start === 'start' || plan.start === 'start-again';
  return {
    ...(starts && start ? { started: start } : {}),
    ...(plan.start === 'find-first' && find ? { found: find === 'there' ? REF : find } : {}),
    ...(plan.askPlatform && platform ? { platform } : {}),
    ...(plan.askHorreum ? { upload } : {}),
  };
}

function checkLook(before: JobRun, after: JobRun, seen: Seen, nowMs: number): void {
  if (hasEnded(before)) assure('an ended run never changes', after === before);
  assure('forward only', RUN_STATES.indexOf(after.state) >= RUN_STATES.indexOf(before.state));
  assure('the history ends with the state', after.history.at(-1)?.state === after.state);
  assure(
    'the past stays',
    before.history.every((entry, index) => after.history[index] === entry),
  );
  assure('the end has a time', (after.endedAtMs !== undefined) === hasEnded(after));
  assure('an open run is looked at again', hasEnded(after) || (nextLookInMs(after, nowMs) ?? 0) > 0);
  if (after.state === before.state) return;
  if (after.state === 'results-missing')
    assure('missing only after Horreum was asked', seen.upload !== undefined);
  if (after.state === 'reported') checkReported(after, nowMs);
}

function checkReported({ horreum, report, platformRun }: JobRun, nowMs: number): void {
  if (!horreum)
    return assure('without a store: reported when the job has passed', platformRun.phase === 'succeeded');
  const waitedMs = nowMs - (horreum.foundAtMs ?? nowMs);
  const isDue =
    horreum.readyAtMs !== undefined || (horreum.waitingFor === 'results' && waitedMs >= WAIT_FOR_RESULTS_MS);
  assure('never reported while results are waited for', isDue && report !== undefined);
}

/** Thousands of histories are quick only without a matcher for each fact. */
function assure(invariant: string, holds: boolean): void {
  if (!holds) throw new Error(`broken: ${invariant}`);
}

class Look implements fc.Command<object, World> {
  private readonly answers: Answers;
  constructor(answers: Answers) {
    this.answers = answers;
  }
  check = () => true;
  run(_model: object, world: World): void {
    lookOnce(world, this.answers);
  }
  toString = () => `look(${JSON.stringify(this.answers)})`;
}

class Wait implements fc.Command<object, World> {
  private readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  run(_model: object, world: World): void {
    world.nowMs += this.ms;
  }
  toString = () => `wait(${this.ms} ms)`;
}

class Wish implements fc.Command<object, World> {
  private readonly kind: 'cancel' | 'join' | 'recheck' | 'close';
  constructor(kind: 'cancel' | 'join' | 'recheck' | 'close') {
    this.kind = kind;
  }
  check = () => true;
  run(_model: object, world: World): void {
    const before = world.run;
    const change = {
      cancel: { kind: 'cancel', by: 'bo', why: 'person' },
      close: { kind: 'cancel', by: 'closing', why: 'closed' },
      join: { kind: 'join', person: { id: 8, login: 'bo' } },
      recheck: { kind: 'recheck' },
    } as const;
    world.run = changeRun(before, change[this.kind], world.nowMs);
    const mayReopen =
      this.kind === 'recheck' &&
      (before.state === 'results-missing' ||
        (before.state === 'reported' && before.report?.verdict === 'cannot-tell'));
    if (!mayReopen) assure('an ended run never changes', !hasEnded(before) || world.run === before);
    else assure('only a recheck reopens', world.run.state === (before.horreum ? 'running' : before.state));
    const twice = changeRun(world.run, change[this.kind], world.nowMs);
    assure('a wish may come twice', JSON.stringify(twice) === JSON.stringify(world.run));
  }
  toString = () => this.kind;
}

const anyWait = fc
  .oneof(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 30 * 60_000 }))
  .map((ms) => new Wait(ms));
const anyWish = fc
  .constantFrom('cancel' as const, 'join' as const, 'recheck' as const, 'close' as const)
  .map((kind) => new Wish(kind));
export const anyHistory = fc.commands(
  [
    anyAnswers.map((answers) => new Look(answers)),
    anyAnswers.map((answers) => new Look({ ...answers, crashes: false })),
    anyWait,
    anyWish,
  ],
  { maxCommands: 30 },
);
