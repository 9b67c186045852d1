/** Kinds of noise that the verdict was never tuned on: other generators and other parameters than those of families.ts, to try it on the unknown. */
import type { Draw, Family } from './families.ts';
import { independent, normalBand, times } from './families.ts';
import { mean, shortestBand } from './oracle.ts';
import type { Random } from './random.ts';

const uniform = independent('uniform', { even: (random) => random.between(-1.7, 1.7) });

/** Waiting times: skewed, with a long tail on one side. */
const gamma = independent('gamma', {
  shape2: (random) => (sumOfWaits(random, 2) - 2) / 1.4,
  shape5: (random) => (sumOfWaits(random, 5) - 5) / 2.2,
});

function sumOfWaits(random: Random, count: number): number {
  return times(count, () => -Math.log(1 - random.uniform())).reduce((sum, wait) => sum + wait, 0);
}

const outliers8 = independent('outliers 8 %', {
  upward: (random) => random.normal() + (random.chance(0.08) ? random.between(3, 15) : 0),
  doubled: (random) => random.normal() * (random.chance(0.08) ? 8 : 1),
});

/** A sine of 0.5 to 2 spreads, over 25 to 80 runs. */
const slowSine: Family = {
  name: 'slow sine',
  draw(random, runs, samples, level) {
    const size = random.between(0.5, 2);
    const period = random.between(25, 80);
    const phase = random.between(0, 2 * Math.PI);
    const at = (run: number): number => size * Math.sin(phase + (2 * Math.PI * run) / period);
    return aroundLevels(random, times(runs, at), at(runs), samples, level);
  },
};

/** A step of 2 to 12 spreads five runs before the end (three where there are few). */
const lateStep: Family = {
  name: 'late step',
  draw(random, runs, samples, level) {
    const size = random.between(2, 12) * random.sign();
    const from = runs - (runs < 10 ? 2 : 5);
    const levels = times(runs, (run) => (run >= from ? size : 0));
    return aroundLevels(random, levels, size, samples, level);
  },
};

const twoSteps: Family = {
  name: 'two steps',
  draw(random, runs, samples, level) {
    const [first, second] = [random.between(3, 10) * random.sign(), random.between(3, 10) * random.sign()];
    const [early, late] = [Math.floor(runs / 3), Math.floor((2 * runs) / 3)];
    const levels = times(runs, (run) => (run >= early ? first : 0) + (run >= late ? second : 0));
    return aroundLevels(random, levels, first + second, samples, level);
  },
};

/** Heavy-tailed noise (t with 4 degrees of freedom) about a level that steps in the middle third. */
const heavyWithStep: Family = {
  name: 'heavy and a step',
  draw(random, runs, samples, level) {
    const size = random.between(4, 20) * random.sign();
    const from = random.integer(Math.ceil(runs / 3), Math.floor((2 * runs) / 3));
    const noise = heavy.draw(random, runs, samples, level);
    return {
      history: noise.history.map((value, run) => value! + (run >= from ? size : 0)),
      sample: noise.sample.map((value) => value + size),
      truth: { ...noise.truth, centre: noise.truth.centre + size },
    };
  },
};
const heavy = independent('t4', {
  t4: (random) => random.normal() / Math.sqrt(times(4, random.normal).reduce((sum, z) => sum + z * z, 0) / 4),
});

/** Memory of one half, samples at once. */
const memoryOfHalf: Family = {
  name: 'AR(0.5)',
  draw(random, runs, samples, level) {
    const shock = Math.sqrt(0.75);
    let now = random.normal();
    const step = (): number => (now = 0.5 * now + shock * random.normal());
    const history = times(runs, step);
    const last = now;
    const sample = times(samples, step);
    const carried = mean(times(samples, (at) => 0.5 ** (at + 1)));
    const shares = times(samples, (at) => (shock * (2 - 0.5 ** (samples - at - 1))) / samples);
    const spread = Math.sqrt(shares.reduce((sum, share) => sum + share * share, 0));
    return { history, sample, truth: normalBand(spread, level, carried * last) };
  },
};

/** Three machine states at uneven distances; a run stays with probability 0.7 to 0.95, and the samples share their state. */
const threeStates: Family = {
  name: 'three states',
  draw(random, runs, samples, level) {
    const levels = [0, random.between(5, 12), random.between(15, 30)];
    const stay = random.between(0.7, 0.95);
    const next = (state: number): number =>
      random.chance(stay) ? state : (state + random.integer(1, 2)) % levels.length;
    let state = random.integer(0, 2);
    const history = times(runs, () => levels[(state = next(state))]! + random.normal());
    const last = state;
    const samplesAfter = (): number[] => {
      const at = levels[next(last)]!;
      return times(samples, () => at + random.normal());
    };
    const band = shortestBand(
      times(3000, () => mean(samplesAfter())),
      level,
    );
    return { history, sample: samplesAfter(), truth: band };
  },
};

const randomMissing: Family = {
  name: 'half missing',
  draw(random, runs, samples, level) {
    const full = aroundLevels(
      random,
      times(runs, () => 0),
      0,
      samples,
      level,
    );
    return { ...full, history: full.history.map((value) => (random.chance(0.5) ? null : value)) };
  },
};

/** The noise grows evenly along the history, from 0.3 to 1 of what it is at its end. */
const growingNoise: Family = {
  name: 'growing noise',
  draw(random, runs, samples, level) {
    const start = random.between(0.3, 1);
    return {
      history: times(runs, (run) => random.normal() * (start + ((1 - start) * run) / runs)),
      sample: times(samples, random.normal),
      truth: normalBand(1 / Math.sqrt(samples), level),
    };
  },
};

function aroundLevels(
  random: Random,
  levels: readonly number[],
  next: number,
  samples: number,
  level: number,
): Draw {
  return {
    history: levels.map((at) => at + random.normal()),
    sample: times(samples, () => next + random.normal()),
    truth: normalBand(1 / Math.sqrt(samples), level, next),
  };
}

export const unseenFamilies: readonly Family[] = [
  uniform,
  gamma,
  outliers8,
  slowSine,
  lateStep,
  twoSteps,
  heavyWithStep,
  memoryOfHalf,
  threeStates,
  randomMissing,
  growingNoise,
];
