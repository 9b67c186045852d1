/**
 * Asks Horreum for its own evaluation of an upload, where that is worth its cost: each dataset once, one after the other. It
 * decorates a report; only where main has too few runs to judge by is it waited for.
 */
import type { Datastore, ExperimentResult } from '../../horreum/datastore.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { resultsArePending } from '../reports/horreum-evaluation.ts';
import type { Sources } from '../reports/draft-rows.ts';

export interface EvaluationQuestion extends Pick<Sources, 'datasets' | 'variables'> {
  readonly testId: number;
  readonly runId: number;
  /** Some metric has no other judge. */
  readonly isNeeded: boolean;
  /** Earlier tries that failed. */
  readonly tries: number;
  /** How long the upload's labels have been there. */
  readonly labelsAgeMs: number;
}

export type Evaluated =
  | { readonly kind: 'done'; readonly experiments: ReadonlyMap<number, readonly ExperimentResult[]> }
  | { readonly kind: 'left-out'; readonly why?: string }
  /** To be asked again at the next look. `tries` counts those that failed. */
  | { readonly kind: 'again'; readonly why: string; readonly tries: number };

/** Evaluations of single datasets that a report may cost Horreum as a decoration: about two seconds. */
const WORTH_A_DECORATION = 300;
/** Where more are needed the datapoints are given time to be there, so that the one evaluation finds them. */
const DATAPOINTS_WITHIN_MS = 10_000;
const MOST_TRIES = 3;

export async function evaluateExperiments(
  datastore: Datastore,
  question: EvaluationQuestion,
): Promise<Evaluated> {
  const { testId, runId, datasets, variables, isNeeded, tries, labelsAgeMs } = question;
  if (datasets.every(({ profiles }) => profiles.length === 0)) return { kind: 'left-out' };
  const experiments = new Map<number, readonly ExperimentResult[]>();
  let isCheap = true;
  try {
    isCheap = (await datastore.countRuns(testId)) * datasets.length ** 2 <= WORTH_A_DECORATION;
    if (!isCheap && !isNeeded) return { kind: 'left-out' };
    if (!isCheap && labelsAgeMs < DATAPOINTS_WITHIN_MS)
      return { kind: 'again', why: 'Horreum is still computing the results', tries };
    for (const { id } of datasets) experiments.set(id, await datastore.evaluateExperiments(runId, id));
    const isPending = datasets.some(({ id, labels }) =>
      experiments.get(id)?.some((one) => resultsArePending(one, labels, variables)),
    );
    return isPending && isNeeded && isCheap
      ? { kind: 'again', why: 'Horreum is still computing the results', tries }
      : { kind: 'done', experiments };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const why = `Horreum’s own comparison is not there: ${error.message}`;
    // Where no answer came, Horreum may still be at work on it.
    const mayAskAgain = isNeeded && (isCheap || error.status !== undefined) && tries + 1 < MOST_TRIES;
    return mayAskAgain ? { kind: 'again', why, tries: tries + 1 } : { kind: 'left-out', why };
  }
}
