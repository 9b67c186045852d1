/** `benchmark.sh APP DURATION`: measures a built application, and waits while the lab holds it; prints the result. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from '../measure.ts';

const [app = '', duration = ''] = process.argv.slice(2);
if (!existsSync(join(app, 'target')) || !/^\d+s$/.test(duration)) {
  process.stderr.write(`nothing is built in ${app}, or "${duration}" is no duration\n`);
  process.exit(1);
}
const hold = process.env['LAB_HOLD'] ?? '';
while (existsSync(hold)) await new Promise((resolve) => setTimeout(resolve, 20));
const commit = readFileSync(join(app, 'COMMIT'), 'utf8');
process.stdout.write(
  JSON.stringify(measure(commit, Number(process.env['LAB_SLOWDOWN']), Date.now() - 60_000)),
);
