/** The answer to somebody who may not: once per person and pull request what is missing and who can help, later only 😕. */
import { checkAccess, accessRulesOf, whoCanHelp, type AccessRules } from '../projects/access.ts';
import { code, words } from '../text/markdown.ts';
import { changeSubject } from '../record/change-record.ts';
import type { AskedFor } from '../record/run-store.ts';
import { keys } from '../record/table-keys.ts';
import type { Answer, CommandContext } from './command-context.ts';
import type { CommandRight } from '../grammar/command-table.ts';

const MOST_ASKED_FOR = 10;
/** Everybody may ask, and all that is remembered stands in one record of the table. */
const MOST_ARGUMENT_CHARS = 4_000;

export async function refuse(
  context: CommandContext,
  missing: string,
  rules: AccessRules,
  forkSha?: string,
): Promise<Answer> {
  const { isNew } = await changeSubject(
    context.deps.runs,
    keys.pullRequest(context.repository.id, context.number),
    (subject) => {
      const people = subject.refusedPeople ?? [];
      return people.includes(context.person.id)
        ? undefined
        : { ...subject, refusedPeople: [...people, context.person.id].slice(-200) };
    },
  );
  if (!isNew) return { reaction: 'confused' };
  const { prompt } = context.deps.settings;
  const approve =
    forkSha === undefined ? '' : ` for this exact commit: ${code(`${prompt} approve ${forkSha}`)}`;
  return {
    reaction: 'confused',
    reply: `### 🔒 ${words(context.person.login)}, this needs ${missing}\n${whoCanHelp(rules)} do it${approve}. You can use ${['help', 'list', 'status'].map((name) => code(`${prompt} ${name}`)).join(', ')}.`,
  };
}

export interface Refused {
  readonly jobId: string | undefined;
  readonly missing: string;
  readonly rules: AccessRules;
}

/** For which of the jobs the person has the right, and what is missing for the others. Without a job the project's rules count. */
export async function accessToJobs(
  { gitHub, project, person, repository }: CommandContext,
  right: CommandRight,
  jobIds: readonly (string | undefined)[],
): Promise<{ readonly allowed: readonly (string | undefined)[]; readonly refused: readonly Refused[] }> {
  const allowed: (string | undefined)[] = [];
  const refused: Refused[] = [];
  for (const jobId of new Set(jobIds)) {
    const job = jobId === undefined ? undefined : project.jobs[jobId];
    const access = await checkAccess(gitHub, project, job, right, person, repository);
    if (access.allowed) allowed.push(jobId);
    else refused.push({ jobId, missing: access.missing, rules: accessRulesOf(project, job) });
  }
  return { allowed, refused };
}

/** What to answer somebody who may not do this to each of the jobs; undefined if he may. */
export async function refusalFor(
  context: CommandContext,
  right: CommandRight,
  jobIds: readonly string[],
): Promise<Answer | undefined> {
  const [first] = (await accessToJobs(context, right, jobIds)).refused;
  return first && refuse(context, first.missing, first.rules);
}

/** Remembers what somebody without the right asked for on a fork's pull request, until its commit is approved. */
export async function askedFor(context: CommandContext, wish: AskedFor): Promise<void> {
  if (JSON.stringify(wish.arguments).length > MOST_ARGUMENT_CHARS) return;
  await changeSubject(
    context.deps.runs,
    keys.pullRequest(context.repository.id, context.number),
    (subject) => {
      const wishes = subject.askedFor ?? [];
      if (wishes.some(({ commentId, ordinal }) => commentId === wish.commentId && ordinal === wish.ordinal))
        return undefined;
      return { ...subject, askedFor: [...wishes, wish].slice(-MOST_ASKED_FOR) };
    },
  );
}
