/** Faults that a test or the local page asks for: each is used once, by the first call that it fits. */

export interface Fault {
  /** Any method, if absent. */
  readonly method?: string;
  /** The path's beginning, or an expression over path and query. */
  readonly path: string | RegExp;
  /** Absent: the true answer, only late. */
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Before anything is answered. */
  readonly delayMs?: number;
  /** The call takes effect all the same; only its answer is lost or another. */
  readonly afterEffect?: boolean;
  /** The connection is closed without an answer. */
  readonly close?: boolean;
}

/** The first fault that fits, taken out of the list. */
export function takeFault(faults: Fault[], method: string, pathAndQuery: string): Fault | undefined {
  const index = faults.findIndex(
    (fault) => (fault.method ?? method) === method && fits(fault.path, pathAndQuery),
  );
  return index === -1 ? undefined : faults.splice(index, 1)[0];
}

function fits(path: string | RegExp, pathAndQuery: string): boolean {
  return typeof path === 'string' ? pathAndQuery.startsWith(path) : path.test(pathAndQuery);
}
