/** What a history without machine states says of the next samples: models of its level, each believed as far as it explains the history. */
import { fitLevel } from './level-fit.ts';
import type { Fit, Shape } from './level-fit.ts';
import { heavyTails, withHeavyTails } from './heavy-tails.ts';
import { component } from './mixture.ts';
import type { Component } from './mixture.ts';
import { fitTwoSteps } from './two-steps.ts';
import { fitWander } from './wander-fit.ts';

export interface LevelComponent extends Component {
  readonly shape: Shape;
}

/** Beliefs before anything is seen. The figures hardly depend on them: docs/statistics.md, "Constants". */
const belief = { steady: 0.7, drift: 0.05, step: 0.2, wander: 0.02, twoSteps: 0.02 };
/** Only beside a steady level: with a step or a line as well, memory would explain too much. */
const beliefInMemory = [
  { memory: 0, belief: 0.87 },
  { memory: 0.3, belief: 0.085 },
  { memory: 0.6, belief: 0.044 },
  { memory: 0.85, belief: 0.001 },
];
const noMemory = [{ memory: 0, belief: 1 }];
/** In spreads of single runs, for each run. */
const wanders = [0.15, 0.4];
const beliefInAtOnce = 0.6;
/** From this many runs on a line or a step can be told from noise at all. */
const fewestForAMove = 5;
const fewestForTwoSteps = 8;
/** The location of three samples or more hides the tails of single ones. */
const mostForTails = 2;
/** Heavy tails believed less than this are left out. */
const leastWeight = 1e-4;
/** An explanation e⁶ ≈ 400 times less likely than the best is dropped. */
const droppedBelow = 6;

interface Explanation {
  readonly shape: Shape;
  readonly fit: Fit;
  readonly memory: number;
  readonly logWeight: number;
}

/** `untamed` is the history with its wild values; `floor` the least spread that is believed. */
export function levelModels(
  history: readonly number[],
  untamed: readonly number[],
  sample: readonly number[],
  floor: number,
): LevelComponent[] {
  const explanations = explain(history, floor);
  const best = Math.max(...explanations.map(({ logWeight }) => logWeight));
  const likely = explanations.filter(({ logWeight }) => logWeight > best - droppedBelow);
  const total = likely.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - best), 0);
  const likeliest = explanations.find(({ logWeight }) => logWeight === best)!;
  const tails = heavyTails(
    untamed.map((value, run) => value - likeliest.fit.levelAt(run)),
    floor,
  );
  const parts = likely.flatMap(({ shape, memory, fit, logWeight }) => {
    const weight = Math.exp(logWeight - best) / total;
    const later = (part: number): LevelComponent => ({
      shape,
      ...component(weight * part, fit.predict(sample, 'later')),
    });
    if (memory === 0) return [later(1)];
    return [
      { shape, ...component(weight * beliefInAtOnce, fit.predict(sample, 'at once')) },
      later(1 - beliefInAtOnce),
    ];
  });
  if (tails.weight < leastWeight || sample.length > mostForTails) return parts;
  return parts.flatMap((part) => withHeavyTails(part, tails));
}

function explain(history: readonly number[], floor: number): Explanation[] {
  const fitted = shapes(history.length).flatMap(({ shape, prior }) =>
    (shape.kind === 'steady' ? beliefInMemory : noMemory).map(({ memory, belief: inMemory }) => {
      const fit = fitLevel(history, shape, memory, floor);
      return { shape, memory, fit, logWeight: fit.logEvidence + Math.log(prior * inMemory) };
    }),
  );
  const wandering = wanders.map((step) => {
    const fit = fitWander(history, step, floor);
    const logWeight = fit.logEvidence + Math.log(belief.wander / wanders.length);
    return { shape: { kind: 'wander', from: 0 } as const, memory: 0, fit, logWeight };
  });
  const twice =
    history.length < fewestForTwoSteps
      ? []
      : fitTwoSteps(history, floor).map(({ from, fit }) => {
          const logWeight = fit.logEvidence + Math.log(belief.twoSteps);
          return { shape: { kind: 'step', from } as const, memory: 0, fit, logWeight };
        });
  return [...fitted, ...wandering, ...twice];
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
