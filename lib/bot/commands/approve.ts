/** `approve SHA`: remembers what people without the right ask for on a fork's pull request, and lets a trusted person run it for exactly one commit. */
import type { PullRequest } from '../../github/github.ts';
import type { Command } from '../grammar/parse-command.ts';
import { checkAccess } from '../projects/access.ts';
import { changeSubject } from '../record/change-record.ts';
import { UserError } from '../record/errors.ts';
import type { AskedFor } from '../record/run-store.ts';
import { keys } from '../record/table-keys.ts';
import { code } from '../text/markdown.ts';
import { checkIsOpen, checkIsRecent } from './checks-before-start.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { refuse, rightsFor } from './job-rights.ts';
import { startRun } from './start-run.ts';

const MOST_REQUESTS = 10;
/** Everybody may ask, and all requests are remembered in one record. */
const MOST_ARGUMENT_CHARS = 4_000;

/** Remembers a request until its commit is approved. */
export async function rememberRequest(
  { deps, repository, number, person, trigger, ordinal }: CommandContext,
  jobId: string,
  given: Readonly<Record<string, string>>,
): Promise<void> {
  if (JSON.stringify(given).length > MOST_ARGUMENT_CHARS) return;
  const request = { jobId, arguments: given, person, commentId: trigger.commentId ?? 0, ordinal };
  await changeSubject(deps.runs, keys.pullRequest(repository.id, number), (subject) => {
    const requests = subject.askedFor ?? [];
    const isKnown = requests.some(
      ({ commentId, ordinal: other }) => commentId === request.commentId && other === ordinal,
    );
    return isKnown ? undefined : { ...subject, askedFor: [...requests, request].slice(-MOST_REQUESTS) };
  });
}

export async function approve(context: CommandContext, command: Command): Promise<Answer> {
  const { deps, project, repository, number } = context;
  checkIsRecent(context, command);
  const [{ refused }, pull] = await Promise.all([
    rightsFor(context, 'maintain', [undefined]),
    context.pull(),
  ]);
  if (refused[0]) return refuse(context, refused[0]);
  checkIsOpen(pull);
  checkIsHead(context, pull, command.words[0] ?? '');
  const subjectKey = keys.pullRequest(repository.id, number);
  const requests = (await deps.runs.getSubject(subjectKey))?.askedFor ?? [];
  await changeSubject(deps.runs, subjectKey, (subject) => {
    if (subject.approvedShas?.includes(pull.headSha)) return undefined;
    return { ...subject, approvedShas: [...(subject.approvedShas ?? []), pull.headSha].slice(-50) };
  });
  const kept: AskedFor[] = [];
  const refusals: string[] = [];
  for (const request of requests) {
    const refusal = await startUnlessRefused(context, request, pull);
    if (refusal === undefined) continue;
    kept.push(request);
    refusals.push(refusal);
  }
  await changeSubject(deps.runs, subjectKey, ({ askedFor: _granted, ...subject }) =>
    kept.length > 0 ? { ...subject, askedFor: kept } : subject,
  );
  if (refusals.length > 0) return { reaction: 'eyes', reply: [...new Set(refusals)].join('\n') };
  if (requests.length > 0) return { reaction: 'eyes' };
  return {
    reaction: 'eyes',
    reply: `${code(pull.headSha.slice(0, 12))} is approved, but nobody has asked for a job yet. Copy: ${code(`${deps.settings.prompt} run ${Object.keys(project.jobs)[0] ?? 'JOB'}`)}`,
  };
}

/** Two commits can be made to begin alike, so that the other one is pushed after the first was reviewed: only the full SHA counts. */
function checkIsHead({ deps }: CommandContext, { headSha }: PullRequest, named: string): void {
  const sha = named.toLowerCase();
  if (sha === headSha) return;
  const copy = code(`${deps.settings.prompt} approve ${headSha}`);
  if (!/^[0-9a-f]{7,40}$/.test(sha))
    throw new UserError(`${code(sha, 50)} is not a commit SHA. Copy: ${copy}`);
  if (headSha.startsWith(sha))
    throw new UserError(`Use the full commit SHA. If this is the commit that you reviewed, copy: ${copy}`);
  throw new UserError(
    `${code(sha)} is not the newest commit of this pull request; that is ${code(headSha.slice(0, 12))}. Review it first, then copy: ${copy}`,
  );
}

/** Markdown if it can't be started: the job may have rules of its own, and one request must not hold up the others. */
async function startUnlessRefused(
  context: CommandContext,
  request: AskedFor,
  pull: PullRequest,
): Promise<string | undefined> {
  const { gitHub, project, person, repository } = context;
  const job = project.jobs[request.jobId];
  const access = await checkAccess(gitHub, project, job, 'run', person, repository);
  if (!access.allowed) return `${code(request.jobId)} is still waiting: it needs ${access.missing}.`;
  if (!job) return undefined;
  try {
    await startRun(
      {
        ...context,
        trigger: { ...context.trigger, id: `${request.commentId}@${pull.headSha}` },
        person: { ...request.person, isBot: false },
        ordinal: request.ordinal,
      },
      { jobId: request.jobId, job, pull, given: request.arguments },
    );
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
