/** Reads what a test's experiment profiles ask for: which of them are about a dataset, and what they compare. */
import type { ExperimentProfile, Json } from '../../horreum/datastore.ts';

export interface Comparison {
  readonly variableName: string;
  /** A fraction: 0.1 is 10 %. */
  readonly threshold?: number;
  readonly greaterBetter?: boolean;
}

/** One for each variable. Of several thresholds the strictest counts; where profiles disagree on what is good, none says it. */
export function comparisonsOf(profiles: readonly ExperimentProfile[]): Comparison[] {
  const byVariable = new Map<string, Comparison>();
  for (const { variableName, threshold, greaterBetter } of profiles.flatMap((one) => one.comparisons)) {
    const known = byVariable.get(variableName);
    const thresholds = [known?.threshold, threshold].filter((one) => one !== undefined);
    const good = !known || known.greaterBetter === greaterBetter ? greaterBetter : undefined;
    byVariable.set(variableName, {
      variableName,
      ...(thresholds.length === 0 ? {} : { threshold: Math.min(...thresholds) }),
      ...(good === undefined ? {} : { greaterBetter: good }),
    });
  }
  return [...byVariable.values()];
}

/** False only where it is certain: a filter in JavaScript that is more than one comparison is not read. */
export function mayBeAbout(
  { selectorLabels = [], selectorFilter = '' }: ExperimentProfile,
  labels: Readonly<Record<string, Json>>,
): boolean {
  if (selectorLabels.length === 0) return true;
  if (!selectorLabels.some((label) => Object.hasOwn(labels, label))) return false;
  const [only, ...more] = selectorLabels;
  return more.length > 0 || only === undefined || passes(selectorFilter, labels[only]) !== false;
}

/** `value => value != "main"`, with any name and either kind of quotes. */
const ONE_COMPARISON = /^\(?\s*(\w+)\s*\)?\s*=>\s*\1\s*([!=]==?)\s*(["'])([^"'\\]*)\3\s*;?$/;
const TRUTHY = /^\(?\s*(\w+)\s*\)?\s*=>\s*(!!\s*)?\1\s*;?$/;

/** Undefined where the filter is not understood. */
function passes(filter: string, value: Json | undefined): boolean | undefined {
  const source = filter.trim();
  if (TRUTHY.test(source)) return Boolean(value);
  const [, , operator = '', , text] = ONE_COMPARISON.exec(source) ?? [];
  if (text === undefined) return undefined;
  if (typeof value !== 'string' && value !== null) return undefined;
  return operator.startsWith('!') ? value !== text : value === text;
}
