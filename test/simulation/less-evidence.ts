/** Less evidence never says more: the same questions with all runs and samples, and with some left out at random. */
import type { Judgement } from '../../lib/bot/reports/verdict/judge.ts';
import type { Family } from './families.ts';
import { randomFrom } from './random.ts';
import type { Random } from './random.ts';
import type { Judge } from './trial.ts';

/** In percent of the draws. */
export interface Shares {
  /** Alarms on unchanged code. */
  readonly alarms: number;
  /** "Same", though the metric got worse by what the project cares about. */
  readonly greenWrongly: number;
}

export interface LessEvidence {
  readonly draws: number;
  readonly all: Shares;
  readonly fewerRuns: Shares;
  readonly fewerSamples: Shares;
}

const RUNS = 30;
const SAMPLES = 5;
/** Without any run of the newest level the evidence is another, not less. */
const NEWEST_KEPT = 3;

export function lessEvidence(
  judge: Judge,
  families: readonly Family[],
  replications: number,
  seed: number,
): LessEvidence {
  const random = randomFrom(seed);
  const draws = families.flatMap((family) =>
    Array.from({ length: replications }, () => {
      const { history, factors, sample } = family.draw(random, RUNS, SAMPLES, 0.01);
      const widest = Math.max(1, ...[...history, ...sample].map((value) => Math.abs(value ?? 0)));
      const noise = Math.min(random.logBetween(0.002, 0.2), 0.5 / widest);
      return {
        history: history.map((value, run) =>
          value === null ? null : (1 + noise * value) * (factors?.[run] ?? 1),
        ),
        sample: sample.map((value) => 1 + noise * value),
        careAboutPercent: random.pick([2, 5, 10, 20]),
        olderKept: random.integer(0, RUNS - NEWEST_KEPT - 1),
        samplesKept: random.integer(1, SAMPLES - 1),
      };
    }),
  );
  type Draw = (typeof draws)[number];
  const shares = (of: (draw: Draw) => Pick<Draw, 'history' | 'sample'>): Shares => {
    const answers = draws.map((draw) => {
      const { history, sample } = of(draw);
      const { careAboutPercent } = draw;
      const ask = (factor: number): Judgement =>
        judge({
          history,
          sample: sample.map((value) => value * factor),
          ...{ direction: 'lower', thresholdPercent: 0, careAboutPercent, metrics: 1 },
        });
      return { quiet: ask(1).verdict, changed: ask(1 + careAboutPercent / 100).verdict };
    });
    const percent = (is: (answer: (typeof answers)[number]) => boolean): number =>
      (100 * answers.filter(is).length) / answers.length;
    return {
      alarms: percent(({ quiet }) => quiet === 'worse' || quiet === 'better'),
      greenWrongly: percent(({ changed }) => changed === 'same'),
    };
  };
  return {
    draws: draws.length,
    all: shares((draw) => draw),
    fewerRuns: shares(({ history, sample, olderKept }) => ({
      history: [...some(history.slice(0, -NEWEST_KEPT), olderKept, random), ...history.slice(-NEWEST_KEPT)],
      sample,
    })),
    fewerSamples: shares(({ history, sample, samplesKept }) => ({
      history,
      sample: some(sample, samplesKept, random),
    })),
  };
}

/** So many of a list, chosen at random, in their order. */
function some<T>(list: readonly T[], count: number, random: Random): T[] {
  const kept = new Set<number>();
  while (kept.size < count) kept.add(random.integer(0, list.length - 1));
  return list.filter((_, at) => kept.has(at));
}
