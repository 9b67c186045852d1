/** Gives a stand-in its time: the real one (faster if asked), or one that a test moves by hand. */

export interface StandInClock {
  readonly nowMs: () => number;
  /** Runs `task` after `delayMs` of this clock's time; the answer takes it back. */
  after(delayMs: number, task: () => void): () => void;
}

/** Real time. `speed` 10 makes every delay of the stand-in ten times shorter; the time of day stays true. */
export function createRealClock(speed = 1): StandInClock {
  return {
    nowMs: () => Date.now(),
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs / speed);
      return () => clearTimeout(timer);
    },
  };
}

export interface StoppableClock extends StandInClock {
  readonly wait: (ms: number) => Promise<void>;
  /** Takes back every task that was given to it, and none of the others of the clock below. */
  stop(): void;
}

export function stoppable(clock: StandInClock): StoppableClock {
  const planned = new Set<() => void>();
  const after: StandInClock['after'] = (delayMs, task) => {
    const takeBack = clock.after(delayMs, () => {
      planned.delete(takeBack);
      task();
    });
    planned.add(takeBack);
    return () => {
      planned.delete(takeBack);
      takeBack();
    };
  };
  return {
    nowMs: clock.nowMs,
    after,
    wait: (ms) => new Promise((resolve) => after(ms, resolve)),
    stop() {
      for (const takeBack of planned) takeBack();
      planned.clear();
    },
  };
}

export interface ManualClock extends StandInClock {
  /** Moves time on, running what falls due in its order, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
}

/** Time that stands still until a test moves it. */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  let tasks: { readonly dueMs: number; readonly task: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after(delayMs, task) {
      const entry = { dueMs: nowMs + delayMs, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((other) => other !== entry);
      };
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        await settle();
        const next = tasks.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!next) break;
        tasks = tasks.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.task();
      }
      nowMs = untilMs;
    },
  };
}

/** Lets everything run that is ready to run, promises and their followers included. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** A time as GitHub and Kubernetes write it: ISO 8601 without milliseconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
