/**
 * Which labels of an upload Horreum leaves out of the test's list: it shows only those ticked as filtering or metrics in their
 * schema, while the run itself shows all. Of such a label no other run's value can be read.
 */
import type { Datastore, Json } from '../../horreum/datastore.ts';

export interface ListedQuestion {
  readonly testId: number;
  readonly runId: number;
  readonly startMs: number;
  readonly datasets: readonly { readonly id: number; readonly labels: Readonly<Record<string, Json>> }[];
  readonly needed: readonly string[];
}

/** More uploads than this with the same or a later start, and the upload is not looked for among them. */
const DATASETS_LOOKED_THROUGH = 500;

export async function unlistedLabels(
  datastore: Datastore,
  { testId, runId, startMs, datasets, needed }: ListedQuestion,
): Promise<string[]> {
  if (needed.length === 0) return [];
  const listed = await datastore.testLabelValues(testId, {
    limit: DATASETS_LOOKED_THROUGH,
    include: needed,
    afterMs: startMs - 1,
    oldestFirst: true,
  });
  const ours = listed.filter((one) => one.runId === runId);
  // Without any of them in the list it may only be that the list is cut.
  if (ours.length === 0 && listed.length >= DATASETS_LOOKED_THROUGH) return [];
  return needed.filter((label) =>
    datasets.some(({ id, labels }) => {
      if (!Object.hasOwn(labels, label)) return false;
      const values = ours.find(({ datasetId }) => datasetId === id)?.values ?? {};
      return !Object.hasOwn(values, label);
    }),
  );
}
