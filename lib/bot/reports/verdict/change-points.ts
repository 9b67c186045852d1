/** Where the newest level of a history begins: the history is split in two where that explains it best, then its newer part again. */
import { median } from './robust.ts';

export interface Levels {
  /** The first run of the newest level. */
  readonly start: number;
  /** From and to (exclusive) of the levels before it. */
  readonly older: readonly (readonly [from: number, to: number])[];
  /** The history with wild runs drawn in. */
  readonly tame: readonly number[];
}

/** A level lasts so many runs at least. */
const SHORTEST = 2;
/** How much likelier two levels must make the history than one, as twice the logarithm of the ratio. */
const LIKELIER = 14;

export function newestStart(history: readonly number[], spread: number): Levels {
  const tame = drawInWildRuns(history, spread);
  const older: [number, number][] = [];
  let start = 0;
  for (let next = bestSplit(tame, 0); next !== undefined; next = bestSplit(tame, start)) {
    older.push([start, next]);
    start = next;
  }
  return { start, older, tame };
}

function bestSplit(values: readonly number[], start: number): number | undefined {
  const runs = values.length - start;
  if (runs < 2 * SHORTEST + 2) return undefined;
  const sums = [0];
  const squares = [0];
  for (let at = 0; at < runs; at++) {
    const value = values[start + at]! - values[start]!;
    sums.push(sums[at]! + value);
    squares.push(squares[at]! + value * value);
  }
  const within = (from: number, to: number): number =>
    Math.max(0, squares[to]! - squares[from]! - (sums[to]! - sums[from]!) ** 2 / (to - from));
  const dust = 1e-18;
  const together = within(0, runs) + dust;
  let best = { gain: LIKELIER, at: 0 };
  for (let at = SHORTEST; at <= runs - SHORTEST; at++) {
    const gain = runs * Math.log(together / (within(0, at) + within(at, runs) + dust));
    if (gain > best.gain) best = { gain, at };
  }
  return best.at === 0 ? undefined : start + best.at;
}

/** So many runs before and after are looked at; a single one of all six may be as wild, for wild runs may come in pairs. */
const NEIGHBOURS = 3;
/** In spreads: how far from its neighbours a run is wild, and how far from their median it is then left. */
const WILD_BEYOND = 5;
const DRAWN_IN_TO = 2;

function drawInWildRuns(history: readonly number[], spread: number): number[] {
  return history.map((value, at) => {
    const before = history.slice(Math.max(0, at - NEIGHBOURS), at);
    const after = history.slice(at + 1, at + 1 + NEIGHBOURS);
    const about = [...before, ...after];
    // Beside a step, or among runs as far apart as it is from them, a run is not wild.
    const apart = before.length > 0 && after.length > 0 ? Math.abs(median(before) - median(after)) : 0;
    const reach = Math.max(WILD_BEYOND * spread, apart);
    const alike = about.filter((other) => Math.abs(other - value) <= reach).length;
    if (alike > (about.length === 2 * NEIGHBOURS ? 1 : 0)) return value;
    const level = median(about);
    return level + Math.sign(value - level) * DRAWN_IN_TO * spread;
  });
}
