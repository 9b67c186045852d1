/** Single wild runs: far from each of the runs about them. They are drawn in before the level is modelled, and remembered. */
import { median } from './robust.ts';

/** In spreads: how far from all of its neighbours a run is wild, and how far from their median it is then left. */
const wildBeyond = 5;
const drawnInTo = 2;

export function drawInWildValues(
  history: readonly number[],
  spread: number,
): { tame: number[]; wild: number[] } {
  const wild: number[] = [];
  const tame = history.map((value, at) => {
    const near = [at - 2, at - 1, at + 1, at + 2].flatMap((neighbour) => history[neighbour] ?? []);
    if (near.some((other) => Math.abs(other - value) <= wildBeyond * spread)) return value;
    wild.push(value);
    const level = median(near);
    return level + Math.sign(value - level) * drawnInTo * spread;
  });
  return { tame, wild };
}
