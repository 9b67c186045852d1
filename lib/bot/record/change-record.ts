/** Changes a record that others change too: reads it, writes it if nobody has written meanwhile, and starts over if somebody has. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { JoinList, RunStore, SubjectRecord } from './run-store.ts';
import { keys } from './table-keys.ts';

const MOST_TRIES = 8;

export type SubjectRecords = Pick<RunStore, 'getSubject' | 'saveSubject'>;
export type JoinLists = Pick<RunStore, 'getJoins' | 'saveJoins'>;

export interface Changed<Record> {
  /** As it now stands. */
  readonly record: Record;
  /** False where `change` had nothing to change. */
  readonly isNew: boolean;
}

/** `change` gives undefined where there is nothing to change. */
export function changeSubject(
  runs: SubjectRecords,
  subjectKey: string,
  change: (subject: SubjectRecord) => SubjectRecord | undefined,
): Promise<Changed<SubjectRecord>> {
  return untilWritten(
    subjectKey,
    async () => (await runs.getSubject(subjectKey)) ?? { subjectKey, version: 0 },
    change,
    (subject) => runs.saveSubject(subject),
  );
}

/** The same for the people who joined a run. */
export function changeJoins(
  runs: JoinLists,
  runKey: string,
  change: (list: JoinList) => JoinList | undefined,
): Promise<Changed<JoinList>> {
  return untilWritten(
    keys.joins(runKey),
    async () => (await runs.getJoins(runKey)) ?? noJoins(runKey),
    change,
    (list) => runs.saveJoins(list),
  );
}

export function noJoins(runKey: string): JoinList {
  return { subjectKey: keys.joins(runKey), version: 0 };
}

async function untilWritten<Record>(
  name: string,
  read: () => Promise<Record>,
  change: (record: Record) => Record | undefined,
  save: (record: Record) => Promise<Record | undefined>,
): Promise<Changed<Record>> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const record = await read();
    const changed = change(record);
    if (!changed) return { record, isNew: false };
    const written = await save(changed);
    if (written) return { record: written, isNew: true };
  }
  throw new UpstreamError(`too many change the record ${name} at once`, { retryable: true });
}
