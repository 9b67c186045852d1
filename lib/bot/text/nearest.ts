/** Suggests what somebody meant: the nearest of some names, if one is near enough. */
import { code } from './markdown.ts';

/** Markdown to put in front of more text: `Did you mean x? `, or nothing. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  return near === undefined || near === name ? '' : `Did you mean ${code(near)}? `;
}

/** Near means: at most a third of the letters differ (two swapped neighbours count as one), or one begins with the other. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase().slice(0, 100);
  const scored = candidates.map((candidate) => ({
    candidate,
    distance: distanceTo(wanted, candidate.toLowerCase().slice(0, 100)),
  }));
  scored.sort((one, other) => one.distance - other.distance);
  const best = scored[0];
  if (!best) return undefined;
  const isPrefix =
    wanted.length >= 3 &&
    (best.candidate.toLowerCase().startsWith(wanted) || wanted.startsWith(best.candidate.toLowerCase()));
  const allowed = Math.max(1, Math.floor(Math.max(wanted.length, best.candidate.length) / 3));
  if (best.distance <= allowed) return best.candidate;
  return isPrefix
    ? best.candidate
    : scored.find(({ candidate }) => wanted.length >= 3 && candidate.toLowerCase().startsWith(wanted))
        ?.candidate;
}

/** Optimal string alignment distance. https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance */
function distanceTo(one: string, other: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const replaced = (previous[column - 1] ?? 0) + (same ? 0 : 1);
      const cheapest = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(swapped ? Math.min(cheapest, (before[column - 2] ?? 0) + 1) : cheapest);
    }
    before = previous;
    previous = current;
  }
  return previous[other.length] ?? 0;
}
