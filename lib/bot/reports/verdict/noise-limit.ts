/** How far samples may lie from main's level without any effect: the noise limit, from main's spread, its newest runs, and how the samples agree. */
import type { NewestLevel } from './newest-level.ts';
import { mean, rollingMeans } from './robust.ts';

/** A change beyond so many standard errors counts; the tests on real histories chose it, not a table. */
const STANDARD_ERRORS = 1.6;
/** The part of a run's variance that measuring again at once doesn't take away: samples share their hour and machine. */
const SHARED = 0.3;
/** Two builds of the same code differ by so much (in percent), whatever main's runs show. */
const BETWEEN_BUILDS_PERCENT = 0.5;
/** How far beyond main's newest runs a change must lie, in their distance from the level. */
const BEYOND_NEWEST = 1.1;
const NEWEST_MEANS = 5;
const NEWEST_RUNS = 3;
/** A single run may lie so many spreads out, which the mean of several doesn't. */
const COMMON_DISTANCE = 1;
/** Samples that spread more than main's runs, by this factor, widen the limit by a multiple of what is beyond. */
const SAMPLES_APART = 1.3;
const WIDENED_BY = 2;
/** Two readings are the same within three quarters of the least step. */
const GRID_STEPS = 0.75;
/** How much farther an alarm must lie in a report of many metrics: for each factor of e. */
const FOR_METRICS = 0.16;

/** The mean of few samples has the tails of single runs. */
const tails = (samples: number): number => Math.max(1, 1.9 / Math.sqrt(samples));
/** Few runs may lack a machine state, or the worst hour of a day. */
const unseen = (runs: number): number => (1 + 4 / runs) ** 2;
/** Student's t over the normal one at 0.5 % (Cornish and Fisher). */
const student = (freedom: number): number => 1 + 1.9 / freedom + 3.4 / freedom ** 2;

/** Distances are on the scale of the metric. */
export function noiseLimitOf({
  history,
  sample,
  level,
  metrics,
  onePercent,
}: {
  readonly history: readonly number[];
  readonly sample: readonly number[];
  readonly level: NewestLevel;
  readonly metrics: number;
  readonly onePercent: number;
}): number {
  if (level.spread === 0) return 0;
  const count = sample.length;
  const strict = tails(count) * (1 + FOR_METRICS * Math.log(metrics));
  const shared = Math.max(SHARED, level.memory);
  const error = level.spread * Math.sqrt((1 - shared) / count + shared + 1 / level.runs);
  const byError = strict * STANDARD_ERRORS * student(level.freedom) * unseen(history.length) * error;
  const byBuilds = strict * BETWEEN_BUILDS_PERCENT * onePercent;
  const distance = (value: number): number => Math.abs(value - level.centre);
  const ofOneRun = COMMON_DISTANCE * level.spread * (1 - 1 / Math.sqrt(count));
  const farthest = Math.max(
    ...rollingMeans(history.slice(1 - NEWEST_MEANS - count), count).map(distance),
    ...history.slice(-NEWEST_RUNS).map((value) => distance(value) - ofOneRun),
  );
  return Math.max(
    Math.hypot(byError, byBuilds) + disagreement(sample, level.spread),
    strict * BEYOND_NEWEST * farthest,
    GRID_STEPS * level.grid,
  );
}

function disagreement(sample: readonly number[], spread: number): number {
  if (sample.length < 2) return 0;
  const centre = mean(sample);
  const squares = sample.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const own = Math.sqrt(squares / (sample.length - 1));
  return WIDENED_BY * Math.max(0, own - SAMPLES_APART * spread);
}

/** How near to what main has shown a sample is taken for another of its kind, in standard errors of the samples' mean. */
const ALIKE = 0.9;

/** Where main has been so far out before, with as many runs in turn: the distance from the level that reaches past that place. */
export function placeSeenBefore(
  history: readonly number[],
  { spread, centre, runs }: NewestLevel,
  location: number,
  samples: number,
): number | undefined {
  const near = (ALIKE * spread) / Math.sqrt(samples);
  const change = location - centre;
  const isNear = rollingMeans(history, samples).some((value) => Math.abs(value - location) <= near);
  // One sample may be wild, and then a little less so than main's own wild runs.
  const isWild = samples < 3 && history.slice(-runs).some((value) => (value - centre) / change > 1);
  return isNear || isWild ? Math.abs(change) + near : undefined;
}
