/** Tells whether Horreum's own evaluation of its experiments is complete, or why a report goes without it. */
import type { ExperimentResult, Json, Variable } from '../../horreum/datastore.ts';
import { numberOf } from './main-history.ts';

/** It is not waited for: `leftOut` says in words why it is not there. */
export interface Evaluation {
  readonly leftOut: string;
}

/**
 * A profile matched, yet some comparison has neither a result nor a reason never to get one
 * (an empty baseline, or a label that holds no number, so that no datapoint will come).
 */
export function resultsArePending(
  experiment: ExperimentResult,
  labels: Readonly<Record<string, Json>>,
  variables: readonly Variable[],
): boolean {
  const { profile, logs, results, withheld } = experiment;
  if (withheld) return false;
  const comparisons = profile?.comparisons ?? [];
  if (profile && comparisons.length === 0 && Object.keys(results).length === 0)
    return !logs.some(({ message }) => message.startsWith('Baseline for comparison'));
  return comparisons.some(({ variableName }) => {
    if (Object.hasOwn(experiment.results, variableName)) return false;
    const about = experiment.logs
      .map(({ message }) => message)
      .filter((message) => message.includes(variableName));
    if (about.some((message) => message.startsWith('Baseline for comparison'))) return false;
    const variable = variables.find(({ name }) => name === variableName);
    const [label] = variable?.labels ?? [];
    const willHaveDatapoint =
      !variable ||
      variable.isComputed === true ||
      variable.labels.length !== 1 ||
      label === undefined ||
      numberOf(labels[label]) !== null;
    const noResultsYet = Object.keys(experiment.results).length === 0;
    return (
      willHaveDatapoint &&
      (noResultsYet || about.some((message) => message.startsWith('No datapoint for comparison')))
    );
  });
}
