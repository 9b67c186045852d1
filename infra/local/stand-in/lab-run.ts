/** Runs one job inside a stand-in for a PerfLab: keeps its log, and can be stopped like the real thing. */
import type { StandInClock } from './clock.ts';

/** What a job's body sees of its own run. */
export interface LabRun {
  /** As the platform names it: build number, workflow name, run id. */
  readonly id: string;
  /** The page for people. */
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Aborted when somebody asked this run to stop. */
  readonly signal: AbortSignal;
  log(line: string): void;
  /** Says which stage begins. */
  stage(name: string): void;
  /** Lets time pass; throws when the run is stopped, so that a `finally` in the body is the job's "always". */
  wait(ms: number): Promise<void>;
}

export type LabOutcome = 'succeeded' | 'unstable' | 'failed';
/** What a job does; a thrown error is a failure, or an abort where a stop was asked for. */
export type LabJobBody = (run: LabRun) => Promise<LabOutcome>;

export interface LabRunHandle {
  readonly id: string;
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly startedAtMs: number;
  readonly log: string;
  readonly stage: string | undefined;
  readonly stopAsked: boolean;
  /** Undefined while it runs. */
  readonly end:
    { readonly outcome: LabOutcome | 'aborted'; readonly atMs: number; readonly reason?: string } | undefined;
  /** Asks to stop; a body made with `ignoresStop` hears only a forced one. */
  stop(forced?: boolean): void;
  /** Ends it here and now; whatever the body still does counts for nothing. */
  kill(): void;
}

export interface LabRunOptions {
  readonly clock: StandInClock;
  readonly id: string;
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: LabJobBody;
  readonly ignoresStop?: boolean | undefined;
  readonly onEnd?: () => void;
}

export function startLabRun(options: LabRunOptions): LabRunHandle {
  const { clock, id, url, parameters } = options;
  const stopped = new AbortController();
  let log = '';
  let stage: string | undefined;
  let stopAsked = false;
  let end: LabRunHandle['end'];

  const finish = (outcome: LabOutcome | 'aborted', reason?: string) => {
    if (end) return;
    end = { outcome, atMs: clock.nowMs(), ...(reason === undefined ? {} : { reason }) };
    options.onEnd?.();
  };
  const run: LabRun = {
    id,
    url,
    parameters,
    signal: stopped.signal,
    log: (line) => void (log += end ? '' : `${line}\n`),
    stage: (name) => void (stage = name),
    wait: (ms) =>
      new Promise((resolve, reject) => {
        if (stopped.signal.aborted) return reject(new Error('stopped'));
        const onAbort = () => {
          takeBack();
          reject(new Error('stopped'));
        };
        const takeBack = clock.after(ms, () => {
          stopped.signal.removeEventListener('abort', onAbort);
          resolve();
        });
        stopped.signal.addEventListener('abort', onAbort, { once: true });
      }),
  };
  const handle: LabRunHandle = {
    id,
    url,
    parameters,
    startedAtMs: clock.nowMs(),
    get log() {
      return log;
    },
    get stage() {
      return stage;
    },
    get stopAsked() {
      return stopAsked;
    },
    get end() {
      return end;
    },
    stop(forced = false) {
      stopAsked = true;
      if (forced || !options.ignoresStop) stopped.abort();
    },
    kill() {
      stopAsked = true;
      finish('aborted', 'killed');
      stopped.abort();
    },
  };
  Promise.resolve(run)
    .then(options.body)
    .then(
      (outcome) => finish(stopped.signal.aborted ? 'aborted' : outcome),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (!stopped.signal.aborted) run.log(`ERROR: ${reason}`);
        finish(stopped.signal.aborted ? 'aborted' : 'failed', reason);
      },
    );
  return handle;
}
