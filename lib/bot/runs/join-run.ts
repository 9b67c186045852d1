/**
 * Joins a request to another's open run of the very same. That is written down under the request's own key before it counts, where
 * its own run would stand: so a request that comes twice, late or at once, gets the one or the other, never both.
 */
import type { Person } from '../../github/github.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { changeJoins, noJoins, type JoinLists } from '../record/change-record.ts';
import type { BotDeps } from './bot-deps.ts';
import { hasEnded, subjectKeyOf, type JobRun } from '../record/job-run.ts';
import type { JoinNote } from '../record/run-store.ts';

export type RunToJoin =
  | { readonly kind: 'joined'; readonly run: JobRun }
  /** It gets a run of its own and has the claim; `insteadOf`: the note that it replaces. */
  | { readonly kind: 'none'; readonly insteadOf?: string };

const ATTEMPTS = 5;
const DAY_MS = 24 * 60 * 60_000;
/** A request that is handled this late may have missed a run that it would have joined. */
const LATE_MS = 20_000;
/** GitHub's times have whole seconds, and clocks differ a little. */
const DOUBT_MS = 2_000;
const RUNS_READ = 50;
const MOST_PEOPLE = 50;

export interface WhoAsks {
  readonly requestedBy: Person;
  /** A run that has ended since it was asked for does not answer it. */
  readonly again?: boolean;
}

/** `note`: what an earlier handling of the same request wrote down. */
export async function runToJoin(
  deps: BotDeps,
  wanted: JobRun,
  { requestedBy: person, again = false }: WhoAsks,
  note: JoinNote | undefined,
): Promise<RunToJoin> {
  const noted = note && (await whoHeard(deps, note, person));
  if (noted) return { kind: 'joined', run: noted };
  const missed = again ? undefined : await missedRun(deps, wanted);
  if (missed) {
    await write(deps, wanted, { holderKey: missed.runKey, isOver: true }, note?.holderKey);
    return { kind: 'joined', run: missed };
  }
  let insteadOf = note?.holderKey;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const holderKey = await deps.runs.claim(wanted.claimKey, wanted.runKey, wanted.deadlineAtMs + DAY_MS);
    if (holderKey === wanted.runKey)
      return { kind: 'none', ...(insteadOf === undefined ? {} : { insteadOf }) };
    const holder = await holderOf(deps, holderKey);
    if (holder && !hasEnded(holder)) {
      await write(deps, wanted, { holderKey, isOver: false }, insteadOf);
      insteadOf = holderKey;
      if (await joinRun(deps.runs, holderKey, person)) return { kind: 'joined', run: holder };
    }
    await deps.runs.releaseClaim(wanted.claimKey, holderKey);
  }
  throw new UpstreamError(`the claim of run ${wanted.runKey} changes hands too fast`, { retryable: true });
}

/** The run that holds the claim; undefined for a request that took it and then joined another after all. */
async function holderOf(deps: BotDeps, holderKey: string): Promise<JobRun | undefined> {
  const holder = await deps.runs.decided(holderKey);
  if (!holder)
    throw new UpstreamError(`run ${holderKey} is just being created`, {
      retryable: true,
      retryAfterMs: 3_000,
    });
  return holder.kind === 'run' ? holder.run : undefined;
}

/** The run that was joined before. One whose list was closed without this person never heard of the request. */
async function whoHeard(deps: BotDeps, note: JoinNote, person: Person): Promise<JobRun | undefined> {
  const holder = await deps.runs.get(note.holderKey);
  if (!holder) return undefined;
  return note.isOver || (await joinRun(deps.runs, note.holderKey, person)) ? holder : undefined;
}

/** A run of the very same that was still open when this was asked for, and has ended while it waited to be handled. */
async function missedRun(deps: BotDeps, wanted: JobRun): Promise<JobRun | undefined> {
  if (deps.nowMs() - wanted.trigger.atMs < LATE_MS) return undefined;
  const subjectKey = subjectKeyOf(wanted);
  const runs = await deps.runs.listBySubject(subjectKey, RUNS_READ);
  return runs.find(
    (run) =>
      run.runKey !== wanted.runKey &&
      run.claimKey === wanted.claimKey &&
      hasEnded(run) &&
      (run.endedAtMs ?? 0) > wanted.trigger.atMs + DOUBT_MS,
  );
}

async function write(
  deps: BotDeps,
  { runKey }: JobRun,
  note: JoinNote,
  insteadOf: string | undefined,
): Promise<void> {
  if (await deps.runs.noteJoin(runKey, note, insteadOf)) return;
  throw decidedElsewhere(runKey);
}

export function decidedElsewhere(runKey: string): UpstreamError {
  return new UpstreamError(`another delivery of the same request decides about ${runKey}`, {
    retryable: true,
    retryAfterMs: 1_000,
  });
}

/**
 * Adds somebody to those who asked. The list is kept beside the run, so that joining waits for no worker's lease. False if it was
 * closed without this person: the run is over, and joining it would mean nothing.
 */
async function joinRun(runs: JoinLists, runKey: string, { id, login }: Person): Promise<boolean> {
  const { record, isNew } = await changeJoins(runs, runKey, (list) => {
    const joined = list.joined ?? [];
    const isDecided = list.joinsClosed || joined.length >= MOST_PEOPLE || joined.some((one) => one.id === id);
    return isDecided ? undefined : { ...list, joined: [...joined, { id, login }] };
  });
  const { joined = [], joinsClosed = false } = record;
  return isNew || !joinsClosed || joined.length >= MOST_PEOPLE || joined.some((one) => one.id === id);
}

/** Closes the list, before the one mention is written: everybody who was told "you joined" is named in it. The answer is the same however often it is asked. */
export async function closeJoins(runs: JoinLists, runKey: string): Promise<readonly Person[]> {
  // Most runs are joined by nobody, and that needs no reading.
  if (await runs.saveJoins({ ...noJoins(runKey), joinsClosed: true })) return [];
  const { record } = await changeJoins(runs, runKey, (list) =>
    list.joinsClosed ? undefined : { ...list, joinsClosed: true },
  );
  return record.joined ?? [];
}
