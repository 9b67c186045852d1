/**
 * `index.cjs` of a large bundle: runs `code.cjs` beside it with what V8 compiled of it beforehand (compile-code.ts). That is good for one
 * build of Node on one kind of processor; anywhere else there is no such file, or V8 refuses it, and the code is compiled as ever.
 */
'use strict';
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const filename = `${__dirname}/code.cjs`;
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  lineOffset: -1,
  cachedData: compiled(),
});
script.runInThisContext()(exports, require, module);

function compiled() {
  try {
    return readFileSync(`${__dirname}/code.${process.versions.v8}-${process.arch}.cache`);
  } catch {
    return undefined;
  }
}
