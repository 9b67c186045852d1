/** Remembers what people without the right ask for on a fork's pull request, until somebody approves it. */
import { changeSubject } from '../record/change-record.ts';
import type { AskedFor } from '../record/run-store.ts';
import { keys } from '../record/table-keys.ts';
import type { CommandContext } from './command-context.ts';

/** Everybody may ask, and all requests of a pull request are remembered in one record: nobody can push out another's. */
const MOST_REQUESTS = 10;
const MOST_OF_ONE_PERSON = 3;
const MOST_ARGUMENT_CHARS = 4_000;

/** True if the request waits from now on; false if it did already, or if there is no room for it. */
export async function rememberRequest(
  { deps, repository, number, person, trigger, ordinal }: CommandContext,
  jobId: string,
  given: Readonly<Record<string, string>>,
): Promise<boolean> {
  if (JSON.stringify(given).length > MOST_ARGUMENT_CHARS) return false;
  const { id, login } = person;
  const request: AskedFor = {
    jobId,
    arguments: given,
    person: { id, login },
    commentId: trigger.commentId ?? 0,
    ordinal,
  };
  const { isNew } = await changeSubject(deps.runs, keys.pullRequest(repository.id, number), (subject) => {
    const requests = subject.askedFor ?? [];
    const own = requests.filter((other) => other.person.id === id);
    const isFull = requests.length >= MOST_REQUESTS || own.length >= MOST_OF_ONE_PERSON;
    if (isFull || own.some((other) => asksFor(other, jobId, given))) return undefined;
    return { ...subject, askedFor: [...requests, request] };
  });
  return isNew;
}

export function asksFor(request: AskedFor, jobId: string, given: Readonly<Record<string, string>>): boolean {
  const sorted = (pairs: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(pairs).sort());
  return request.jobId === jobId && sorted(request.arguments) === sorted(given);
}

/** Takes answered requests out of the record; one that came meanwhile stays. */
export async function forgetRequests(
  { deps, repository, number }: CommandContext,
  answered: readonly AskedFor[],
): Promise<void> {
  const isAnswered = ({ commentId, ordinal }: AskedFor) =>
    answered.some((one) => one.commentId === commentId && one.ordinal === ordinal);
  await changeSubject(deps.runs, keys.pullRequest(repository.id, number), (subject) => {
    const { askedFor = [], ...rest } = subject;
    const left = askedFor.filter((request) => !isAnswered(request));
    if (left.length === askedFor.length) return undefined;
    return left.length > 0 ? { ...rest, askedFor: left } : rest;
  });
}
