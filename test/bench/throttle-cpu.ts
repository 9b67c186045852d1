/**
 * A share of one CPU for a process, where no cgroup can be had: it is stopped and continued by signals. Lambda counts in periods of 20 ms as
 * well, but lets a process that waits save its share; this one does not, so it errs on the slow side, for the floor as for the others.
 */
import { Worker } from 'node:worker_threads';

const PERIOD_MS = 20;
const NOBODY = 0;

/** In a thread of its own, since timers of a busy event loop come late. */
const CYCLE = `
const { workerData: { pid, runMs, stopMs } } = require('node:worker_threads');
const never = new Int32Array(new SharedArrayBuffer(4));
const signal = (one, name) => { try { process.kill(one, name); } catch {} };
for (;;) {
  const one = Atomics.load(pid, 0);
  if (one === ${NOBODY}) { Atomics.wait(pid, 0, ${NOBODY}); continue; }
  signal(one, 'SIGSTOP');
  Atomics.wait(never, 0, 0, stopMs);
  signal(one, 'SIGCONT');
  Atomics.wait(never, 0, 0, runMs);
}`;

export interface Throttle {
  start(pid: number): void;
  stop(): void;
  close(): Promise<void>;
}

export function throttleCpu(share: number): Throttle {
  const pid = new Int32Array(new SharedArrayBuffer(4));
  const runMs = share * PERIOD_MS;
  const worker = new Worker(CYCLE, { eval: true, workerData: { pid, runMs, stopMs: PERIOD_MS - runMs } });
  const set = (one: number) => {
    Atomics.store(pid, 0, one);
    Atomics.notify(pid, 0);
  };
  return {
    start: set,
    stop: () => set(NOBODY),
    async close() {
      await worker.terminate();
    },
  };
}
