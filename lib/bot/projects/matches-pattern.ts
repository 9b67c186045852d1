/** A declared pattern against what somebody wrote, in bounded time: some expressions take longer than a universe for some texts. */
import { Script } from 'node:vm';

/** Far more than any sensible pattern takes, also where the machine is busy. */
const TIMEOUT_MS = 1_000;
/** Only there does the time-out reach into a match. https://nodejs.org/api/vm.html#scriptrunincontextcontextifiedobject-options */
const match = new Script('new RegExp(`^(?:${pattern})$`, "u").test(value)');

/** The whole value has to match; undefined where that can't be told in time. */
export function matchesPattern(pattern: string, value: string): boolean | undefined {
  try {
    return match.runInNewContext({ pattern, value }, { timeout: TIMEOUT_MS }) as boolean;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
