/** Where a sample lies among machine states, though its values may come from several of them. */
import { robustLocation } from './robust.ts';
import type { VisitedLevels } from './visited-levels.ts';

/** The level of the first value, and what all values lie off their nearest levels. */
export function besideState({ levels, spread }: VisitedLevels, sample: readonly number[]): number {
  const nearest = sample.map((value) =>
    levels.reduce(
      (best, { centre }) => (Math.abs(value - centre) < Math.abs(value - best) ? centre : best),
      levels[0]!.centre,
    ),
  );
  return (
    nearest[0]! +
    robustLocation(
      sample.map((value, at) => value - nearest[at]!),
      spread,
    )
  );
}

export function isInside({ levels }: VisitedLevels, value: number): boolean {
  const centres = levels.map(({ centre }) => centre);
  return value > Math.min(...centres) && value < Math.max(...centres);
}
