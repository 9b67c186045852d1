/**
 * People who asked for what already runs. They are kept beside the run, so that joining waits for no worker's lease; the list is
 * closed before the one mention is written, so that everybody who was told "you joined" is named in it.
 */
import type { Person } from '../../github/github.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { RunStore, SubjectRecord } from '../record/run-store.ts';

type Records = Pick<RunStore, 'getSubject' | 'saveSubject'>;

const ATTEMPTS = 8;
const MOST_PEOPLE = 50;

/** False if the list was closed without this person: the run is over, and joining it means nothing any more. */
export async function joinRun(runs: Records, runKey: string, person: Person): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const record = await read(runs, runKey);
    const joined = record.joined ?? [];
    if (joined.some(({ id }) => id === person.id) || joined.length >= MOST_PEOPLE) return true;
    if (record.joinsClosed) return false;
    const added = { id: person.id, login: person.login };
    if (await runs.saveSubject({ ...record, joined: [...joined, added] })) return true;
  }
  throw contended(runKey);
}

/** Closes the list; the answer is the same however often it is asked. */
export async function closeJoins(runs: Records, runKey: string): Promise<readonly Person[]> {
  if (await runs.saveSubject({ ...emptyRecord(runKey), joinsClosed: true })) return [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const record = await read(runs, runKey);
    if (record.joinsClosed || (await runs.saveSubject({ ...record, joinsClosed: true })))
      return record.joined ?? [];
  }
  throw contended(runKey);
}

async function read(runs: Records, runKey: string): Promise<SubjectRecord> {
  return (await runs.getSubject(keyOf(runKey))) ?? emptyRecord(runKey);
}

function emptyRecord(runKey: string): SubjectRecord {
  return { subjectKey: keyOf(runKey), version: 0 };
}

function keyOf(runKey: string): string {
  return `JOINED#${runKey}`;
}

function contended(runKey: string): UpstreamError {
  return new UpstreamError(`too many people join run ${runKey} at once`, { retryable: true });
}
