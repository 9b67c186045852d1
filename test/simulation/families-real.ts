/** Kinds of noise that real benchmark histories showed, drawn wider than there: steps of large ratios, a spread for each level, young steps, lone outliers, memory. */
import { independent, normalBand, outlying, remembering, times } from './families.ts';
import type { Draw, Family } from './families.ts';
import type { Random } from './random.ts';

/** Normal noise about one level, the runs before `from` at another and `wider` by a factor. */
function steppedAt(
  random: Random,
  {
    runs,
    samples,
    level,
    from,
    ratio,
    wider,
  }: {
    readonly runs: number;
    readonly samples: number;
    readonly level: number;
    readonly from: number;
    readonly ratio: number;
    readonly wider: number;
  },
): Draw {
  return {
    history: times(runs, (run) => random.normal() * (run < from ? wider : 1)),
    factors: times(runs, (run) => (run < from ? ratio : 1)),
    sample: times(samples, random.normal),
    truth: normalBand(1 / Math.sqrt(samples), level),
  };
}

const ratioUpTo = (random: Random, least: number, most: number): number =>
  random.logBetween(least, most) ** random.sign();

const largeStep: Family = {
  name: 'large step',
  draw: (random, runs, samples, level) =>
    steppedAt(random, {
      ...{ runs, samples, level, wider: 1 },
      from: random.integer(2, runs - 3),
      ratio: ratioUpTo(random, 1.3, 1000),
    }),
};

const ownSpread: Family = {
  name: 'own spread',
  draw: (random, runs, samples, level) =>
    steppedAt(random, {
      ...{ runs, samples, level },
      from: random.integer(2, Math.max(2, runs - 8)),
      ratio: ratioUpTo(random, 1.3, 300),
      wider: ratioUpTo(random, 3, 100),
    }),
};

/** The sample is where main's newest one to three runs are. */
const youngStep: Family = {
  name: 'young step',
  draw: (random, runs, samples, level) =>
    steppedAt(random, {
      ...{ runs, samples, level, wider: 1 },
      from: runs - random.integer(1, 3),
      ratio: ratioUpTo(random, 1.02, 300),
    }),
};

const loneOutliers = independent('lone outliers', {
  rare: outlying(0.01, 5, 60, true),
  some: outlying(0.03, 4, 40, false),
  many: outlying(0.08, 4, 20, true),
});

export const realFamilies: readonly Family[] = [
  largeStep,
  ownSpread,
  youngStep,
  loneOutliers,
  remembering('memory', 0.1, 0.95),
];
