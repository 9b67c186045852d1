/** Runs a function of Horreum's configuration in an engine of its own, in WebAssembly: nothing of this process can be reached from it. */
import { newQuickJSWASMModuleFromVariant, shouldInterruptAfterDeadline } from 'quickjs-emscripten-core';
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { textAt } from '../../../../lib/json.ts';

const TIMEOUT_MS = 1000;
const MEMORY_BYTES = 64 * 1024 * 1024;
const STACK_BYTES = 128 * 1024;

const engine = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'));

/** The function's result as JSON; what JSON can't say (undefined) is null. Throws what the function throws. */
export function runFunction(source: string, input: Json): Json {
  try {
    const text: unknown = engine.evalCode(`JSON.stringify((${source})(${JSON.stringify(input)}))`, {
      shouldInterrupt: shouldInterruptAfterDeadline(Date.now() + TIMEOUT_MS),
      memoryLimitBytes: MEMORY_BYTES,
      maxStackSizeBytes: STACK_BYTES,
    });
    return typeof text === 'string' ? (JSON.parse(text) as Json) : null;
  } catch (error) {
    throw new Error(textAt(error, 'message') ?? String(error), { cause: error });
  }
}

/** Whether a filter lets the value pass, by JavaScript's truth. */
export function passesFilter(source: string, input: Json): boolean {
  return runFunction(`value => !!(${source})(value)`, input) === true;
}
