/** Says why a run is not compared with main, the fact first, then what to do: unescaped sentences. */
import { counted } from '../text/numbers.ts';
import { shorten } from '../text/markdown.ts';
import type { ComparableRuns, Difference } from './comparable-runs.ts';
import type { MainRule } from './main-history.ts';

export const MAIN_IS_UNKNOWN =
  'Which runs are main’s can’t be told: the job’s `history` names no label for it, and uploads name no pull request.';

/** Undefined where nothing but their number is in the way, so that Horreum's own rule may still be quoted. */
export function whyTooFew(found: ComparableRuns, fewest: number): string | undefined {
  const { runs, withheld, differing, differences } = found;
  if (runs.length >= fewest) return undefined;
  if (runs.length + withheld >= fewest) return mainIsWithheld(withheld);
  if (runs.length + differing >= fewest)
    return `${sentence(differences)}. To compare them, measure both alike.`;
  return undefined;
}

/** `box` is the one to tick in Horreum. */
export function mainIsWithheld(runs: number): string {
  return `${counted(runs, 'run')} of main ${runs === 1 ? 'is' : 'are'} PRIVATE or PROTECTED in Horreum, and this repository is public: nothing of them is shown here. Make them PUBLIC in Horreum, and upload main’s results with access=PUBLIC.`;
}

export function whyUnlisted(labels: readonly string[], box: 'Filtering' | 'Metrics'): string {
  const named = labels
    .slice(0, 3)
    .map((label) => `“${shorten(label, 100)}”`)
    .join(', ');
  const [name, verb] = labels.length === 1 ? ['label', 'is'] : ['labels', 'are'];
  return `The ${name} ${named} ${verb} missing from Horreum’s list of the test’s values, so main’s runs can’t be read. In the Horreum schema, under Labels, tick “${box}”.`;
}

export function unsureWords(chosen: readonly string[]): string {
  const named = chosen.slice(0, 3).map((one) => shorten(one, 80));
  return `this run was measured with ${named.join(', ')}; whether main’s runs were, is not known`;
}

export function unknownRunsWords({ label }: MainRule, unknown: number): string {
  return `${counted(unknown, 'run')} of the test ${unknown === 1 ? 'lacks' : 'lack'} the label “${shorten(label, 100)}” and ${unknown === 1 ? 'does' : 'do'} not count as main’s`;
}

/** `Measured with DURATION=10s; main’s runs have 60s`. */
function sentence(differences: readonly Difference[]): string {
  const own = differences.slice(0, 3).map(({ name, own }) => `${name}=${shorten(own, 80)}`);
  const theirs = differences.slice(0, 3).map(({ name, theirs }) => {
    const values = [...theirs]
      .sort((one, other) => other[1] - one[1])
      .slice(0, 3)
      .map(([value]) => shorten(value, 80))
      .join(' or ');
    return differences.length === 1 ? values : `${name}=${values}`;
  });
  return `Measured with ${own.join(', ')}; main’s runs have ${theirs.join(', ')}`;
}
