/**
 * `npm run test:faults`: breaks every outside call in every way and prints a table of place, fault and verdict. Red makes it fail.
 * `--only TEXT` takes the cases whose name holds the text; `--every` strikes each call of a place, not one of them;
 * `--random N` adds N combinations of faults, the same for the same `--seed`.
 */
import { parseArgs } from 'node:util';
import { faultName, faultsOf } from './fault.ts';
import { casesOf, operatorCases, survey, unreached, type Occurrences } from './matrix.ts';
import { nameOf, PLACES } from './places.ts';
import { runCase, type Strike } from './run-case.ts';
import { SCENE, type Scenario } from './scenario.ts';
import { seededRandom } from './seeded-random.ts';
import { TROUBLES } from './troubles.ts';
import { closeEmbeddedTables } from './embedded-tables.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    every: { type: 'boolean', default: false },
    random: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);
let red = 0;
let done = 0;

/** Nothing, where the name does not hold what is wanted. */
const play = async (name: string, scenario: Scenario, strikes: readonly Strike[] = []) => {
  if (!name.includes(values.only)) return;
  const { problems, struck } = await runCase(scenario, strikes);
  done += 1;
  if (problems.length > 0) red += 1;
  say(`${problems.length > 0 ? 'RED  ' : struck < strikes.length ? 'unhit' : 'green'}  ${name}`);
  for (const problem of problems) say(`         ${problem}`);
};

const { reached, byOperator, problems, unmade, needless } = await survey();
red += problems.length + unmade.length + needless.length;
for (const problem of problems) say(`RED    without a fault: ${problem}`);
for (const site of unmade) say(`RED    no scenario makes the call at ${site}`);
for (const where of needless) say(`RED    needs no excuse: ${where}`);
for (const place of unreached(reached)) {
  red += 1;
  say(`RED    no scenario reaches ${nameOf(place)}`);
}

for (const trouble of TROUBLES) await play(trouble.name, trouble);

/** Steps of seven spread the strikes over the calls of a place. */
const spread = (calls: number, number: number) => [((number * 7) % calls) + 1];
const each = (calls: number) => Array.from({ length: calls }, (_, index) => index + 1);
/** What creates something shows when it is done twice: each of its calls is struck, but for the many messages. */
const some: Occurrences = (calls, number, { creates, system }) =>
  creates && system !== 'sqs' ? each(calls) : spread(calls, number);
for (const { scenario, strike } of casesOf(reached, values.every ? each : some)) {
  await play(strikeName(strike), scenario, [strike]);
}
for (const { scenario, strike } of operatorCases(byOperator)) {
  await play(`${scenario.name}: ${strikeName(strike)}`, scenario, [strike]);
}

const calls = reached.get(SCENE) ?? new Map<string, number>();
const struckPlaces = PLACES.filter((place) => calls.has(nameOf(place)));
for (let number = 0; number < Number(values.random); number += 1) {
  const random = seededRandom(Number(values.seed) * 1000 + number);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const strikes = Array.from({ length: 2 + Math.floor(random() * 3) }, (): Strike => {
    const place = pick(struckPlaces);
    return {
      place,
      fault: pick(faultsOf(place)),
      occurrence: 1 + Math.floor(random() * (calls.get(nameOf(place)) ?? 1)),
    };
  });
  await play(`random ${values.seed}/${number}: ${strikes.map(strikeName).join(' + ')}`, SCENE, strikes);
}

say(`${done} cases, ${red} red`);
await closeEmbeddedTables();
process.exitCode = red > 0 ? 1 : 0;

function strikeName({ place, fault, occurrence }: Strike): string {
  return `${nameOf(place)} | ${faultName(fault)} | call ${occurrence}`;
}
