/** Wild runs: far from the runs about them. They are drawn in before the level is modelled, and remembered. */
import { median } from './robust.ts';

/** So many runs before and after are looked at; a single one of all six may be as wild, for wild runs may come in pairs. */
const neighbours = 3;
/** In spreads: how far from its neighbours a run is wild, and how far from their median it is then left. */
const wildBeyond = 5;
const drawnInTo = 2;

export function drawInWildValues(
  history: readonly number[],
  spread: number,
): { tame: number[]; wild: number[] } {
  const wild: number[] = [];
  const tame = history.map((value, at) => {
    const about = [
      ...history.slice(Math.max(0, at - neighbours), at),
      ...history.slice(at + 1, at + 1 + neighbours),
    ];
    const alike = about.filter((other) => Math.abs(other - value) <= wildBeyond * spread).length;
    if (alike > (about.length === 2 * neighbours ? 1 : 0)) return value;
    wild.push(value);
    const level = median(about);
    return level + Math.sign(value - level) * drawnInTo * spread;
  });
  return { tame, wild };
}
