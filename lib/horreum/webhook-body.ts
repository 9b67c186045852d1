/** Reads which run a Horreum webhook says it is about, and nothing else. Anything unreadable is simply no hint. */
import { numberAt, own, parseJson } from '../json.ts';

/** Where each event keeps the run's id. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  'run/new': ['id'],
  'dataset_labels/computed': ['runId'],
  'experiment_result/new': ['datasetInfo', 'runId'],
  'change/new': ['change', 'dataset', 'runId'],
};

export function horreumRunIdIn(event: string, body: Buffer): number | undefined {
  const value = parseJson(body);
  const known = own(PATHS, event);
  const paths = known ? [known] : Object.values(PATHS).reverse();
  return paths.map((path) => runIdAt(value, path)).find((id) => id !== undefined);
}

function runIdAt(value: unknown, path: readonly string[]): number | undefined {
  const found = numberAt(value, ...path);
  return found !== undefined && Number.isSafeInteger(found) && found > 0 ? found : undefined;
}
