/** What a history without machine states says of the next samples: models of its level, each believed as far as it explains the history. */
import { fitLevel } from './level-fit.ts';
import type { Shape } from './level-fit.ts';
import type { Component } from './mixture.ts';

export interface LevelComponent extends Component {
  readonly shape: Shape;
}

/** Beliefs before anything is seen. The figures hardly depend on them: docs/statistics.md, "Constants". */
const belief = { steady: 0.65, drift: 0.1, step: 0.25 };
const beliefInMemory = [
  { memory: 0, belief: 0.8 },
  { memory: 0.3, belief: 0.1 },
  { memory: 0.6, belief: 0.07 },
  { memory: 0.85, belief: 0.03 },
];
const beliefInAtOnce = 0.6;
/** From this many runs on a line or a step can be told from noise at all. */
const fewestForAMove = 5;
/** An explanation e⁷ ≈ 1000 times less likely than the best is dropped. */
const droppedBelow = 7;

/** `floor` is the least spread that is believed. */
export function levelModels(history: readonly number[], samples: number, floor: number): LevelComponent[] {
  const explanations = shapes(history.length).flatMap(({ shape, prior }) =>
    beliefInMemory.map(({ memory, belief: inMemory }) => {
      const fit = fitLevel(history, shape, memory, floor);
      return { shape, memory, fit, logWeight: fit.logEvidence + Math.log(prior * inMemory) };
    }),
  );
  const best = Math.max(...explanations.map(({ logWeight }) => logWeight));
  const likely = explanations.filter(({ logWeight }) => logWeight > best - droppedBelow);
  const total = likely.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - best), 0);
  return likely.flatMap(({ shape, memory, fit, logWeight }) => {
    const weight = Math.exp(logWeight - best) / total;
    const later = { shape, weight, ...fit.predict(samples, 'later') };
    if (memory === 0) return [later];
    return [
      { shape, ...fit.predict(samples, 'at once'), weight: weight * beliefInAtOnce },
      { ...later, weight: weight * (1 - beliefInAtOnce) },
    ];
  });
}

/** A level that stays, a line, and a step before every run that leaves two on either side. */
function shapes(runs: number): { shape: Shape; prior: number }[] {
  const steady = { shape: { kind: 'steady', from: 0 }, prior: belief.steady } as const;
  if (runs < fewestForAMove) return [steady];
  const steps = Array.from({ length: runs - 3 }, (_, at) => at + 2);
  return [
    steady,
    { shape: { kind: 'drift', from: 0 }, prior: belief.drift },
    ...steps.map((from) => ({ shape: { kind: 'step', from } as const, prior: belief.step / steps.length })),
  ];
}
