/**
 * Prints the figures of the statistical verdict, against simulated histories whose truth is known:
 *   node test/simulation/run.ts [--replications 100] [--seed 1] [--thresholds 0,2,5] [--runs 5,10,20,30,50] [--family drifting] [--kinds real] [--json]
 * --kinds: "first" (families.ts), "unseen" (other generators, families-unseen.ts), or "real" (what real histories showed, families-real.ts).
 * --less-evidence prints instead whether fewer runs or samples ever say more (less-evidence.ts).
 */
import { parseArgs } from 'node:util';
import { judge } from '../../lib/bot/reports/verdict/judge.ts';
import { families } from './families.ts';
import type { Family } from './families.ts';
import { unseenFamilies } from './families-unseen.ts';
import { realFamilies } from './families-real.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
import { lessEvidence } from './less-evidence.ts';
import { simulate } from './simulate.ts';
import type { Outcome } from './trial.ts';

const { values: options } = parseArgs({
  options: {
    replications: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    thresholds: { type: 'string', default: '0,2,5' },
    runs: { type: 'string', default: '5,10,20,30,50' },
    samples: { type: 'string', default: '1,3,5' },
    family: { type: 'string' },
    kinds: { type: 'string', default: 'first' },
    'less-evidence': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const numbers = (list: string): number[] => list.split(',').map(Number);

const columns: readonly [title: string, pick: (figures: Figures) => number][] = [
  ['false%', (f) => f.falseAlarms],
  ['5 runs%', (f) => f.falseAlarmsFiveRuns],
  ['report%', (f) => f.falseAlarmsReport],
  ['found%', (f) => f.found],
  ['told%', (f) => f.told],
  ['wrong%', (f) => f.wrongWay],
  ['green!%', (f) => f.greenWrongly],
  ['green%', (f) => f.green],
  ['⚪near%', (f) => f.undecidedInReach],
  ['⚪all%', (f) => f.undecided],
  ['limit×', (f) => f.limitRatio],
];

const kinds: Readonly<Record<string, readonly Family[]>> = {
  first: families,
  unseen: unseenFamilies,
  real: realFamilies,
};
const chosen = kinds[options.kinds]!.filter(({ name }) => !options.family || name === options.family);

if (options['less-evidence']) {
  const everyKind = Object.values(kinds).flat();
  console.log(
    JSON.stringify(lessEvidence(judge, everyKind, Number(options.replications), Number(options.seed))),
  );
  process.exit();
}

const started = performance.now();
const outcomes = simulate(judge, {
  families: chosen,
  runs: numbers(options.runs),
  samples: numbers(options.samples),
  thresholdsPercent: numbers(options.thresholds),
  metrics: [1, 20],
  replications: Number(options.replications),
  seed: Number(options.seed),
});
const seconds = (performance.now() - started) / 1000;

if (options.json) {
  const byFamily = [...Map.groupBy(outcomes, ({ family }) => family)];
  const figures = byFamily.map(([name, group]): [string, Figures] => [name, figuresOf(group)]);
  console.log(JSON.stringify({ pooled: figuresOf(outcomes), families: Object.fromEntries(figures) }));
} else {
  console.log(
    `${outcomes.length} trials without and with an effect, seed ${options.seed}, ${seconds.toFixed(0)} s\n`,
  );
  printTable('family', ({ family }) => family);
  printTable('threshold', ({ thresholdPercent }) => `${thresholdPercent} %`);
  printTable('runs', ({ runs }) => `${runs} runs`);
  printTable('samples', ({ samples }) => (samples === 1 ? '1 sample' : `${samples} samples`));
}

function printTable(by: string, keyOf: (outcome: Outcome) => string): void {
  console.log(by.padEnd(16) + columns.map(([title]) => title.padStart(9)).join(''));
  for (const [key, group] of Map.groupBy(outcomes, keyOf)) printRow(key, group);
  printRow('pooled', outcomes);
  console.log();
}

function printRow(name: string, group: readonly Outcome[]): void {
  const figures = figuresOf(group);
  const cells = columns.map(([, pick]) => (Number.isNaN(pick(figures)) ? '-' : pick(figures).toFixed(2)));
  console.log(name.padEnd(16) + cells.map((cell) => cell.padStart(9)).join(''));
}
