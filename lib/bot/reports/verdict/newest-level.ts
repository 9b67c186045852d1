/** The level that main is at now: where it begins, how far single runs lie about it, and how well that is known. */
import { newestStart } from './change-points.ts';
import { mean, median, robustLocation, spreadAboutZero, spreadOfSteps } from './robust.ts';

export interface NewestLevel {
  readonly centre: number;
  /** How many runs main has been at it. */
  readonly runs: number;
  /** Whether main was at another level before. */
  readonly hasStepped: boolean;
  /** Of single runs about the level; zero where all runs read the same. */
  readonly spread: number;
  /** How many runs of the level the spread is worth, less one. */
  readonly freedom: number;
  /** How far a run resembles the one before, from 0 to 1. */
  readonly memory: number;
  /** The least step between two readings. */
  readonly grid: number;
}

/** What older levels say of the newest one's spread counts for so many runs. */
const RUNS_OF_OLDER_LEVELS = 4;
/** From so many runs on memory can be told from chance at all. */
const FEWEST_FOR_MEMORY = 6;
/** Differences below this are rounding of floating-point numbers. */
const DUST = 1e-12;
const LEAST_SPREAD = 1e-9;

export function newestLevelOf(history: readonly number[]): NewestLevel {
  const grid = leastStep(history);
  // Rounding to a grid alone spreads readings by this much: the spread of an even distribution over one step.
  const floor = Math.max(grid / Math.sqrt(12), LEAST_SPREAD);
  const spreadOfAll = Math.max(spreadOfSteps(history), floor);
  const { start, tame, older } = newestStart(history, spreadOfAll);
  const level = tame.slice(start);
  const about = spreadAboutZero(shifted(level, median(level)), floor);
  const centre = level.length < 3 ? mean(level) : robustLocation(level, about);
  const runs = level.length;
  const own =
    spreadAboutZero(shifted(history.slice(start), centre), floor) * Math.sqrt(runs / (runs - 1 || 1));
  const olderResiduals = older.flatMap(([from, to]) =>
    shifted(history.slice(from, to), median(tame.slice(from, to))),
  );
  const weight = RUNS_OF_OLDER_LEVELS;
  const before = olderResiduals.length < 4 ? spreadOfAll : spreadAboutZero(olderResiduals, floor);
  // The mean of logarithms: a level a hundred times as quiet as the one before soon counts by its own spread.
  const spread = Math.exp(((runs - 1) * Math.log(own) + weight * Math.log(before)) / (runs - 1 + weight));
  return {
    centre,
    runs,
    hasStepped: start > 0,
    spread: grid === 0 ? 0 : spread,
    freedom: runs - 1 + weight,
    memory: memoryOf(shifted(level, centre)),
    grid,
  };
}

const shifted = (values: readonly number[], by: number): number[] => values.map((value) => value - by);

function leastStep(history: readonly number[]): number {
  const sorted = Float64Array.from(history).sort();
  let least = Infinity;
  for (let at = 1; at < sorted.length; at++) {
    const step = sorted[at]! - sorted[at - 1]!;
    if (step > DUST && step < least) least = step;
  }
  return least === Infinity ? 0 : least;
}

function memoryOf(residuals: readonly number[]): number {
  if (residuals.length < FEWEST_FOR_MEMORY) return 0;
  let squares = 0;
  let products = 0;
  residuals.forEach((one, at) => {
    squares += one * one;
    if (at > 0) products += one * residuals[at - 1]!;
  });
  return squares === 0 ? 0 : Math.max(0, products / squares);
}
