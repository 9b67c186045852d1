/** What the stand-in does later: by the clock in daily use, by hand in a test. */

export interface Schedule {
  /** Runs the task once, `delayMs` from now. */
  after(delayMs: number, task: () => void): void;
  /** Forgets all that is still to come. */
  stop(): void;
}

export function createTimerSchedule(): Schedule {
  const timers = new Set<NodeJS.Timeout>();
  return {
    after(delayMs, task) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
      }, delayMs);
      timers.add(timer);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

export interface ManualSchedule extends Schedule {
  /** Runs everything that is due within the next `ms`, in order of time, what it schedules itself included. */
  advance(ms: number): Promise<void>;
}

/** Time stands still until it is advanced. */
export function createManualSchedule(): ManualSchedule {
  let nowMs = 0;
  let waiting: { readonly atMs: number; readonly task: () => void }[] = [];
  return {
    after(delayMs, task) {
      waiting.push({ atMs: nowMs + delayMs, task });
    },
    stop() {
      waiting = [];
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = waiting.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (!next) break;
        waiting = waiting.filter((item) => item !== next);
        nowMs = next.atMs;
        next.task();
        // What awaited this task goes on before the next one.
        await new Promise((resolve) => setImmediate(resolve));
      }
      nowMs = untilMs;
    },
  };
}
