/**
 * `npm run test:faults`: breaks every outside call in every way and prints a table of place, fault and verdict. Red makes it fail.
 * `--only TEXT` takes the cases whose name holds the text; `--every` strikes each call of a place, not one of them.
 */
import { parseArgs } from 'node:util';
import { faultName } from './fault.ts';
import { casesOf, survey, unreached } from './matrix.ts';
import { nameOf } from './places.ts';
import { runCase } from './run-case.ts';
import { closeEmbeddedTables } from './world.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, every: { type: 'boolean', default: false } },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { reached, problems } = await survey();
for (const problem of problems) say(`RED    without a fault: ${problem}`);
const missing = unreached(reached);
for (const place of missing) say(`RED    no scenario reaches ${nameOf(place)}`);

/** A step that has no factor in common with usual numbers of calls spreads the strikes over them. */
const spread = (calls: number, number: number) => [((number * 7) % calls) + 1];
const each = (calls: number) => Array.from({ length: calls }, (_, index) => index + 1);
const cases = casesOf(reached, values.every ? each : spread);
let red = problems.length + missing.length;
let done = 0;
for (const { scenario, strike } of cases) {
  const name = `${nameOf(strike.place)} | ${faultName(strike.fault)} | call ${strike.occurrence}`;
  if (!name.includes(values.only)) continue;
  const outcome = await runCase(scenario, [strike]);
  const verdict = outcome.problems.length > 0 ? 'RED  ' : outcome.struck === 0 ? 'unhit' : 'green';
  if (outcome.problems.length > 0) red += 1;
  done += 1;
  say(`${verdict}  ${name}`);
  for (const problem of outcome.problems) say(`         ${problem}`);
}
say(`${done} cases, ${red} red`);
await closeEmbeddedTables();
process.exitCode = red > 0 ? 1 : 0;
