/** All that the verdict knows of a history: where a pull request without effect would fall, and what main has shown before. */
import { levelModels } from './level-models.ts';
import type { Component } from './mixture.ts';
import { robustLocation, spreadOfSteps } from './robust.ts';
import { stateModels, visitedLevels } from './visited-levels.ts';
import type { VisitedLevels } from './visited-levels.ts';
import { drawInWildValues } from './wild-values.ts';

export type Pattern =
  | { readonly kind: 'steady' }
  | { readonly kind: 'drift' }
  | { readonly kind: 'step'; readonly runsSince: number }
  | { readonly kind: 'states'; readonly count: number };

export interface Baseline {
  readonly history: readonly number[];
  /** What the history looks like most. */
  readonly pattern: Pattern;
  /** Where the mean of the samples falls, if the pull request changes nothing. */
  readonly mixture: readonly Component[];
  /** The spread of single runs about their level. */
  readonly spread: number;
  /** The least step between readings: where it hides the noise, nothing finer can be told. */
  readonly grid: number;
  /** False where all runs read the same: then nothing is known of the noise. */
  readonly hasSpread: boolean;
  readonly states: VisitedLevels | undefined;
  /** Single runs far from all about them. */
  readonly wild: readonly number[];
}

/** Differences below this part of the largest value are rounding of floating-point numbers. */
const floatingPointDust = 1e-12;

/** The values are scaled so that the largest is about 1. */
export function baselineOf(history: readonly number[], sample: readonly number[]): Baseline {
  const grid = leastStep(history);
  // Rounding to a grid alone spreads readings by this much: the spread of an even distribution over one step.
  const floor = Math.max(grid / Math.sqrt(12), floatingPointDust);
  const spread = Math.max(spreadOfSteps(history), floor);
  const visited = visitedLevels(history, spread, grid);
  if (visited && visited.moves >= visited.levels.length) {
    const states = { ...visited, spread: Math.hypot(visited.spread, floor) };
    const pattern = { kind: 'states', count: states.levels.length } as const;
    return {
      history,
      pattern,
      mixture: stateModels(states, sample.length),
      spread,
      grid,
      hasSpread: true,
      states,
      wild: [],
    };
  }
  const { tame, wild } = drawInWildValues(history, spread);
  const mixture = levelModels(tame, history, tameSample(sample, spread), floor);
  return {
    history,
    pattern: mainPattern(mixture, history.length),
    mixture,
    spread,
    grid,
    hasSpread: grid > 0,
    states: undefined,
    wild,
  };
}

/** The samples with the far ones drawn in: one wild sample says nothing of the noise of the others. */
function tameSample(sample: readonly number[], spread: number): number[] {
  const level = robustLocation(sample, spread);
  return sample.map((value) => Math.max(level - 2 * spread, Math.min(level + 2 * spread, value)));
}

function leastStep(history: readonly number[]): number {
  const sorted = [...history].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((value, at) => value - sorted[at]!);
  const real = steps.filter((step) => step > floatingPointDust);
  return real.length === 0 ? 0 : Math.min(...real);
}

function mainPattern(mixture: ReturnType<typeof levelModels>, runs: number): Pattern {
  const weightOf = (kind: string): number =>
    mixture.reduce((sum, { shape, weight }) => sum + (shape.kind === kind ? weight : 0), 0);
  const [steady, drift, step] = [
    weightOf('steady') + weightOf('wander'),
    weightOf('drift'),
    weightOf('step'),
  ];
  if (steady >= Math.max(drift, step)) return { kind: 'steady' };
  if (drift >= step) return { kind: 'drift' };
  const steps = mixture.filter(({ shape }) => shape.kind === 'step');
  const likeliest = steps.reduce((best, part) => (part.weight > best.weight ? part : best));
  return { kind: 'step', runsSince: runs - likeliest.shape.from };
}
