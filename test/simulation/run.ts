/**
 * Prints the figures of the statistical verdict, against simulated histories whose truth is known:
 *   node test/simulation/run.ts [--replications 100] [--seed 1] [--thresholds 0,2,5] [--runs 5,10,20,30,50] [--family drifting] [--unseen] [--json]
 * --unseen takes the kinds of noise that nothing was tuned on (families-unseen.ts).
 */
import { parseArgs } from 'node:util';
import { judge } from '../../lib/bot/reports/verdict/judge.ts';
import { families } from './families.ts';
import { unseenFamilies } from './families-unseen.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
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
    unseen: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const numbers = (list: string): number[] => list.split(',').map(Number);

const columns: readonly [title: string, pick: (figures: Figures) => number][] = [
  ['false%', (f) => f.falseAlarms],
  ['5 runs%', (f) => f.falseAlarmsFiveRuns],
  ['report%', (f) => f.falseAlarmsReport],
  ['found%', (f) => f.found],
  ['missed%', (f) => f.missed],
  ['(any)%', (f) => f.missedAnyRuns],
  ['wrong%', (f) => f.wrongWay],
  ['unsure%', (f) => f.undecided],
  ['(any)%', (f) => f.undecidedAnyRuns],
  ['limit×', (f) => f.limitRatio],
];

const started = performance.now();
const outcomes = simulate(judge, {
  families: (options.unseen ? unseenFamilies : families).filter(
    ({ name }) => !options.family || name === options.family,
  ),
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
