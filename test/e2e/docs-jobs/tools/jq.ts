/** jq itself, compiled to WebAssembly: there may be none on this machine. */
import { readFileSync } from 'node:fs';
import * as jq from 'jq-wasm';

const VALUES = { '--arg': 2, '--argjson': 2 } as const;

const flags: string[] = [];
const words: string[] = [];
const given = process.argv.slice(2);
while (given.length > 0) {
  const word = given.shift() ?? '';
  if (word in VALUES) flags.push(word, ...given.splice(0, VALUES[word as keyof typeof VALUES]));
  else if (word.startsWith('-')) flags.push(word);
  else words.push(word);
}
const [filter = '.', file] = words;
const input = flags.includes('-n') ? 'null' : readFileSync(file ?? 0, 'utf8');
try {
  process.stdout.write(`${await jq.raw(input, filter, flags)}\n`);
} catch (error) {
  process.stderr.write(`jq: ${String(error)}\n`);
  process.exit(5);
}
