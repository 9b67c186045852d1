/** The kinds of noise that the verdict is tried against: each draws a history, the samples of a pull request without effect, and the truth. */
import { bestBandOfIndependentNoise, mean, normalTailPoint, shortestBand } from './oracle.ts';
import type { Band } from './oracle.ts';
import type { Random } from './random.ts';

/** A metric in its own units: level 0, core noise about 1. */
export interface Draw {
  readonly history: (number | null)[];
  readonly sample: number[];
  /** What each run of the history is multiplied by, where its level is not that of the sample. */
  readonly factors?: readonly number[];
  /** Where the pull request's level lies, and the least change that perfect knowledge could tell, at the asked level. */
  readonly truth: Band;
}

export interface Family {
  readonly name: string;
  draw(random: Random, runs: number, samples: number, level: number): Draw;
}

export function times<T>(count: number, make: (at: number) => T): T[] {
  const made: T[] = [];
  for (let at = 0; at < count; at++) made.push(make(at));
  return made;
}
export const normalBand = (spread: number, level: number, centre = 0): Band => ({
  centre,
  halfWidth: normalTailPoint(level) * spread,
});

const normal: Family = {
  name: 'normal',
  draw: (random, runs, samples, level) => ({
    history: times(runs, random.normal),
    sample: times(samples, random.normal),
    truth: normalBand(1 / Math.sqrt(samples), level),
  }),
};

/** Independent noise of a fixed kind: its band is worked out once by drawing, then kept. */
export function independent(
  name: string,
  kinds: Readonly<Record<string, (random: Random) => number>>,
): Family {
  const bands = new Map<string, Band>();
  return {
    name,
    draw(random, runs, samples, level) {
      const kind = random.pick(Object.keys(kinds));
      const noise = kinds[kind]!;
      const key = [kind, samples, level].join();
      const truth = bands.get(key) ?? bestBandOfIndependentNoise(noise, random, samples, level);
      bands.set(key, truth);
      return {
        history: times(runs, () => noise(random)),
        sample: times(samples, () => noise(random)),
        truth,
      };
    },
  };
}

const studentT = (freedom: number) => (random: Random) =>
  random.normal() / Math.sqrt(times(freedom, random.normal).reduce((sum, z) => sum + z * z, 0) / freedom);
const laplace = (random: Random): number => -Math.log(1 - random.uniform()) * random.sign();
const logNormal = (random: Random): number => (Math.exp(0.5 * random.normal()) - 1) / 0.5;

const heavyTailed = independent('heavy-tailed', { t3: studentT(3), t5: studentT(5), laplace, logNormal });

export const outlying = (rate: number, low: number, high: number, bothSides: boolean) => (random: Random) =>
  random.normal() + (random.chance(rate) ? random.between(low, high) * (bothSides ? random.sign() : 1) : 0);

const outliers = independent('outliers', {
  rare: outlying(0.02, 5, 30, false),
  some: outlying(0.05, 4, 12, false),
  many: outlying(0.1, 5, 20, false),
  bothSides: outlying(0.05, 5, 20, true),
});

/** Two machine states: a run stays in the state of the run before with probability `stay`. */
const bimodal: Family = {
  name: 'bimodal',
  draw(random, runs, samples, level) {
    const gap = random.logBetween(4, 30);
    const stay = random.between(0.75, 0.96);
    const sameState = random.chance(0.5);
    let state = random.chance(0.5);
    const next = (move: boolean, from: boolean): boolean => (move && !random.chance(stay) ? !from : from);
    const value = (high: boolean): number => random.normal() + (high ? gap : 0);
    const history = times(runs, () => value((state = next(true, state))));
    const last = state;
    const samplesAfter = (): number[] => {
      let now = last;
      return times(samples, (at) => value((now = next(at === 0 || !sameState, now))));
    };
    return {
      history,
      sample: samplesAfter(),
      truth: shortestBand(
        times(3000, () => mean(samplesAfter())),
        level,
      ),
    };
  },
};

/** A run remembers the one before; half of the pull requests are measured right after the history, half much later. */
export const remembering = (name: string, least: number, most: number): Family => ({
  name,
  draw(random, runs, samples, level) {
    const memory = random.between(least, most);
    const later = random.chance(0.5) ? 0 : 20;
    const shock = Math.sqrt(1 - memory * memory);
    let now = random.normal();
    const step = (): number => (now = memory * now + shock * random.normal());
    const history = times(runs, step);
    const last = now;
    times(later, step);
    const sample = times(samples, step);
    const weights = times(
      samples,
      (at) => times(samples - at, (lag) => memory ** lag).reduce((a, b) => a + b) / samples,
    );
    const fromShocks = weights.reduce((sum, weight) => sum + (weight * shock) ** 2, 0);
    const fromLast = mean(times(samples, (at) => memory ** (at + 1 + later)));
    const fromGap = (fromLast / memory ** later) ** 2 * (1 - memory ** (2 * later));
    return { history, sample, truth: normalBand(Math.sqrt(fromShocks + fromGap), level, fromLast * last) };
  },
});

const autocorrelated = remembering('autocorrelated', 0.2, 0.8);

/** The level moves by a steady slope, or wanders. */
const drifting: Family = {
  name: 'drifting',
  draw(random, runs, samples, level) {
    const slope = random.chance(0.6) ? random.logBetween(0.03, 0.5) * random.sign() : 0;
    const wander = slope === 0 ? random.logBetween(0.05, 0.5) : 0;
    let at = 0;
    const step = (): number => (at += slope + wander * random.normal());
    const history = times(runs, () => step() + random.normal());
    step();
    return {
      history,
      sample: times(samples, () => at + random.normal()),
      truth: normalBand(1 / Math.sqrt(samples), level, at),
    };
  },
};

/** One lasting change of the level, at least two runs from either end. */
const oneStep: Family = {
  name: 'one step',
  draw(random, runs, samples, level) {
    const size = random.logBetween(2, 30) * random.sign();
    const from = random.integer(2, runs - 2);
    return {
      history: times(runs, (at) => random.normal() + (at >= from ? size : 0)),
      sample: times(samples, () => random.normal() + size),
      truth: normalBand(1 / Math.sqrt(samples), level, size),
    };
  },
};

/** Readings on a grid, from one much finer than the noise to one that hides it. */
const quantised: Family = {
  name: 'quantised',
  draw(random, runs, samples, level) {
    const grid = random.logBetween(0.3, 8);
    const offset = random.between(-0.5, 0.5) * grid;
    const read = (value: number): number => Math.round((value + offset) / grid) * grid - offset;
    const draw = (): number => read(random.normal());
    const band = shortestBand(
      times(2500, () => mean(times(samples, draw))),
      level,
    );
    // A change below half a grid step past the band may leave every reading where it was.
    const truth = { centre: 0, halfWidth: Math.max(band.halfWidth + Math.abs(band.centre), grid / 2) };
    return { history: times(runs, draw), sample: times(samples, draw), truth };
  },
};

const holes: Family = {
  name: 'holes',
  draw(random, runs, samples, level) {
    const missing = random.between(0.05, 0.4);
    const full = normal.draw(random, runs, samples, level);
    return { ...full, history: full.history.map((value) => (random.chance(missing) ? null : value)) };
  },
};

export const families: readonly Family[] = [
  normal,
  heavyTailed,
  bimodal,
  autocorrelated,
  drifting,
  oneStep,
  outliers,
  quantised,
  holes,
];
