/**
 * People who asked for what already runs. They are kept beside the run, so that joining waits for no worker's lease; the list is
 * closed before the one mention is written, so that everybody who was told "you joined" is named in it.
 */
import type { Person } from '../../github/github.ts';
import { changeJoins, noJoins, type JoinLists } from '../record/change-record.ts';

const MOST_PEOPLE = 50;

/** False if the list was closed without this person: the run is over, and joining it means nothing any more. */
export async function joinRun(runs: JoinLists, runKey: string, { id, login }: Person): Promise<boolean> {
  const { record, isNew } = await changeJoins(runs, runKey, (list) => {
    const joined = list.joined ?? [];
    const isDecided = list.joinsClosed || joined.length >= MOST_PEOPLE || joined.some((one) => one.id === id);
    return isDecided ? undefined : { ...list, joined: [...joined, { id, login }] };
  });
  const { joined = [], joinsClosed = false } = record;
  return isNew || !joinsClosed || joined.length >= MOST_PEOPLE || joined.some((one) => one.id === id);
}

/** Closes the list; the answer is the same however often it is asked. */
export async function closeJoins(runs: JoinLists, runKey: string): Promise<readonly Person[]> {
  // Most runs are joined by nobody, and that needs no reading.
  if (await runs.saveJoins({ ...noJoins(runKey), joinsClosed: true })) return [];
  const { record } = await changeJoins(runs, runKey, (list) =>
    list.joinsClosed ? undefined : { ...list, joinsClosed: true },
  );
  return record.joined ?? [];
}
