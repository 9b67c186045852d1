/** The separate levels that a history visited: two or more visited in turn are machine states, one left for good is an old level. */
import { mean, standardDeviation } from './robust.ts';
import type { Component } from './mixture.ts';

export interface Level {
  readonly centre: number;
  readonly runs: number;
}

export interface VisitedLevels {
  readonly levels: readonly Level[];
  /** The level of the last run, as an index. */
  readonly current: number;
  /** How often the history went from one level to another. */
  readonly moves: number;
  /** The spread within the levels, and its degrees of freedom. */
  readonly spread: number;
  readonly freedom: number;
  /** How likely the next run is at the level of the last one. */
  readonly stay: number;
}

/** Levels lie this many spreads apart, and a little more when there are few runs. */
const apart = (values: number): number => 4.2 + 10 / values;
/** Wild values come alone; a state lasts: so many runs a visit, or a quarter of the history. */
const runsAVisit = 1.5;
const shareOfRuns = 0.25;
/** Neighbouring readings of a coarse grid are noise between two of its values, no states. */
const gridSteps = 1.5;
/** A group much wider than single runs spread is a scatter of wild values, not a level. */
const widest = 2;

/** Undefined where the history shows a single level; `spread` is that of single runs. */
export function visitedLevels(
  history: readonly number[],
  spread: number,
  grid: number,
): VisitedLevels | undefined {
  const groups = split(
    [...history].sort((a, b) => a - b),
    spread,
    Math.max(spread / 2, gridSteps * grid),
  );
  const groupOf = history.map((value) => groups.findIndex((group) => value <= group.at(-1)!));
  const isLevel = groups.map((group, at) => {
    const visits = groupOf.filter((here, run) => here === at && groupOf[run - 1] !== at).length;
    const lasts = group.length / visits >= runsAVisit || group.length >= shareOfRuns * history.length;
    return group.length >= 2 && lasts && standardDeviation(group) < widest * spread;
  });
  const kept = groups.filter((_, at) => isLevel[at]);
  if (kept.length < 2) return undefined;
  const path = groupOf.filter((at) => isLevel[at]);
  const moves = path.filter((at, run) => run > 0 && at !== path[run - 1]).length;
  const freedom = path.length - kept.length;
  const squares = kept.reduce((sum, group) => sum + group.length * standardDeviation(group) ** 2, 0);
  return {
    levels: kept.map((group) => ({ centre: mean(group), runs: group.length })),
    current: kept.indexOf(groups[path.at(-1)!]!),
    moves,
    spread: Math.sqrt(squares / freedom),
    freedom,
    stay: (path.length - moves) / (path.length + 1),
  };
}

/** The next samples at the level of the last run, or at one of the others. */
export function stateModels(
  { levels, current, spread, freedom, stay }: VisitedLevels,
  samples: number,
): Component[] {
  return levels.map(({ centre, runs }, at) => ({
    weight: at === current ? stay : (1 - stay) / (levels.length - 1),
    centre,
    scale: spread * Math.sqrt(1 / samples + 1 / runs),
    noise: spread / Math.sqrt(samples),
    shocks: 1 / samples,
    freedom,
  }));
}

/** The two groups that leave the least spread within, where they lie far enough apart for it; each is split again likewise. */
function split(sorted: number[], spread: number, leastValley: number): number[][] {
  if (sorted.length < 3) return [sorted];
  const middle = sorted[sorted.length >> 1]!;
  const total = sorted.reduce((sum, value) => sum + (value - middle), 0);
  const squares = sorted.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  let below = 0;
  let best = { within: Infinity, cut: 0, distance: 0 };
  for (let cut = 1; cut < sorted.length; cut++) {
    below += sorted[cut - 1]! - middle;
    const rest = sorted.length - cut;
    const within = Math.max(0, squares - below ** 2 / cut - (total - below) ** 2 / rest);
    if (within < best.within && sorted[cut]! > sorted[cut - 1]!)
      best = { within, cut, distance: (total - below) / rest - below / cut };
  }
  const { within, cut, distance } = best;
  const inner = Math.max(Math.sqrt(within / (sorted.length - 2)), spread / 2);
  const valley = cut ? sorted[cut]! - sorted[cut - 1]! : 0;
  if (distance < apart(sorted.length) * inner || valley < Math.max(inner, leastValley)) return [sorted];
  return [
    ...split(sorted.slice(0, cut), spread, leastValley),
    ...split(sorted.slice(cut), spread, leastValley),
  ];
}
