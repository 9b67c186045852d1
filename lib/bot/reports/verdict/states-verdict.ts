/** Whether a sample within the limit lies in machine states that the history showed; in between them nothing can be told. */
import { robustLocation } from './robust.ts';
import type { VisitedLevels } from './visited-levels.ts';

/** In standard errors, in the state of the last run and in another one: from there an effect may have moved it. */
const nearCurrent = 2.1;
const nearOther = 1.3;

export function inKnownStates(
  { levels, current, spread }: VisitedLevels,
  sample: readonly number[],
): boolean {
  const nearest = sample.map((value) =>
    levels.reduce(
      (best, { centre }, at) =>
        Math.abs(value - centre) < Math.abs(value - levels[best]!.centre) ? at : best,
      0,
    ),
  );
  const offset = robustLocation(
    sample.map((value, at) => value - levels[nearest[at]!]!.centre),
    spread,
  );
  const fewestRuns = Math.min(...nearest.map((at) => levels[at]!.runs));
  const reach = nearest.every((at) => at === current) ? nearCurrent : nearOther;
  return Math.abs(offset) <= reach * spread * Math.sqrt(1 / sample.length + 1 / fewestRuns);
}
