/** `node infra/aws/compile-code.ts FILE…`: leaves beside each `code.cjs` what V8 makes of it, for load-code.cjs. A process of its own, as it changes V8's flags. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const suffix = `.${process.versions.v8}-${process.arch}.cache`;
for (const path of process.argv.slice(2)) {
  // All functions at once, not each at its first call. V8 notes the flags in what it writes, so they are put back before.
  setFlagsFromString('--no-lazy');
  const script = new Script(readFileSync(path, 'latin1'), { filename: path });
  setFlagsFromString('--lazy');
  writeFileSync(path.replace(/\.cjs$/, suffix), script.createCachedData());
}
