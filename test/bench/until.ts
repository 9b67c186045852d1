/** Waits for something to come true in a world that runs by itself. */

const LOOK_EVERY_MS = 10;
const GIVE_UP_MS = 120_000;

export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const startedAtMs = performance.now();
  while (!isTrue()) {
    if (performance.now() - startedAtMs > GIVE_UP_MS) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Until no call has come for so long. */
export async function untilQuiet(countCalls: () => number, quietMs: number): Promise<void> {
  let count = countCalls();
  let sinceMs = performance.now();
  await until('no more calls', () => {
    if (countCalls() !== count) {
      count = countCalls();
      sinceMs = performance.now();
    }
    return performance.now() - sinceMs >= quietMs;
  });
}
