/** Fails what would take for ever: jest's own time-out can't interrupt code that never yields. */
import { runInNewContext } from 'node:vm';

/** What should take milliseconds gets this long, on however busy a machine. */
const TIMEOUT_MS = 60_000;

export function inBoundedTime<Result>(act: () => Result): Result {
  return runInNewContext('act()', { act }, { timeout: TIMEOUT_MS }) as Result;
}
