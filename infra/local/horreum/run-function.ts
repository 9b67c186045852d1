/** Runs the small JavaScript functions that a Horreum keeps in its labels, transformers and filters. For a machine of one's own: not a sandbox. */
import { runInNewContext } from 'node:vm';
import type { Json } from '../../../lib/horreum/datastore.ts';

const TIMEOUT_MS = 1000;

/** The function's result as JSON; what JSON can't say (undefined) is null. Throws what the function throws. */
export function runFunction(source: string, input: Json): Json {
  const code = `JSON.stringify((${source})(${JSON.stringify(input)}))`;
  const text: unknown = runInNewContext(code, {}, { timeout: TIMEOUT_MS });
  return typeof text === 'string' ? (JSON.parse(text) as Json) : null;
}

/** Whether a filter lets the value pass, by JavaScript's truth. */
export function passesFilter(source: string, input: Json): boolean {
  return runFunction(`value => !!(${source})(value)`, input) === true;
}
