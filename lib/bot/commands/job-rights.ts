/** Decides for which jobs somebody has a right, and answers those who have none: once per person and pull request in words, later only with 😕. */
import type { CommandRight } from '../grammar/command-table.ts';
import { accessRulesOf, checkAccess, whoCanHelp, type AccessRules } from '../projects/access.ts';
import { changeSubject } from '../record/change-record.ts';
import { keys } from '../record/table-keys.ts';
import { code, words } from '../text/markdown.ts';
import type { Answer, CommandContext } from './command-context.ts';

export interface MissingRight {
  readonly jobId: string | undefined;
  readonly missing: string;
  readonly rules: AccessRules;
}

/** Without a job the project's rules count. */
export async function rightsFor(
  { gitHub, project, person, repository }: CommandContext,
  right: CommandRight,
  jobIds: readonly (string | undefined)[],
): Promise<{
  readonly allowed: readonly (string | undefined)[];
  readonly refused: readonly MissingRight[];
}> {
  const allowed: (string | undefined)[] = [];
  const refused: MissingRight[] = [];
  for (const jobId of new Set(jobIds)) {
    const job = jobId === undefined ? undefined : project.jobs[jobId];
    const access = await checkAccess(gitHub, project, job, right, person, repository);
    if (access.allowed) allowed.push(jobId);
    else refused.push({ jobId, missing: access.missing, rules: accessRulesOf(project, job) });
  }
  return { allowed, refused };
}

export async function mayRead(context: CommandContext): Promise<boolean> {
  return (await rightsFor(context, 'read', [undefined])).refused.length === 0;
}

/** The answer to somebody who lacks the right for one of the jobs; undefined if they have it for all. */
export async function refusalFor(
  context: CommandContext,
  right: CommandRight,
  jobIds: readonly (string | undefined)[],
): Promise<Answer | undefined> {
  const [first] = (await rightsFor(context, right, jobIds)).refused;
  return first && refuse(context, first);
}

/** What somebody else could approve on a fork, as Markdown. */
export interface ToApprove {
  readonly line: string;
  readonly sent?: string;
  /** Said in words even to a person who was refused before. */
  readonly isNew?: boolean;
}

export async function refuse(
  { deps, repository, number, person }: CommandContext,
  { missing, rules }: Pick<MissingRight, 'missing' | 'rules'>,
  toApprove?: ToApprove,
): Promise<Answer> {
  const { isNew } = await changeSubject(deps.runs, keys.pullRequest(repository.id, number), (subject) => {
    const people = subject.refusedPeople ?? [];
    return people.includes(person.id)
      ? undefined
      : { ...subject, refusedPeople: [...people, person.id].slice(-200) };
  });
  if (!isNew && !toApprove?.isNew) return { reaction: 'confused' };
  const { prompt } = deps.settings;
  const approve = toApprove ? ` for this exact commit: ${toApprove.line}` : '';
  const sent = toApprove?.sent === undefined ? '' : `\n\n${toApprove.sent}`;
  const open = ['help', 'list', 'status'].map((name) => code(`${prompt} ${name}`)).join(', ');
  return {
    reaction: 'confused',
    reply: `### 🔒 ${words(person.login)}, this needs ${missing}\n${whoCanHelp(rules)} do it${approve}. You can use ${open}.${sent}`,
  };
}
