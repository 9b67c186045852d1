/** `doctor`: checks the bot and every project; the exit code is 1 if a check found an error. */
import { counted } from '../../../lib/bot/text/numbers.ts';
import type { Finding } from '../../../lib/finding.ts';
import type { AdminCall } from '../admin-client.ts';
import { CliError, NoServer } from '../cli-error.ts';
import { repositoryPath, type CliContext } from '../cli-context.ts';
import { isError, showFindings } from '../show.ts';

interface Part {
  /** A repository, or undefined for what belongs to no project. */
  readonly repository?: string;
  readonly findings: readonly Finding[];
}

/** The exit code. */
export async function runDoctor(context: CliContext, repository: string | undefined): Promise<number> {
  const admin = await context.admin();
  const repositories = repository === undefined ? await listAll(admin) : [repository];
  const parts: Part[] = [];
  if (repository === undefined) {
    context.progress('Checking the App, the queues and the dead letters …');
    parts.push({ findings: await findingsAt(admin, ['admin', 'check']) });
  }
  for (const name of repositories) {
    context.progress(`Trying every connection of ${name} …`);
    parts.push({
      repository: name,
      findings: await findingsAt(admin, ['config', ...repositoryPath(name), 'check']),
    });
  }
  const errors = parts.flatMap(({ findings }) => findings).filter(isError).length;
  const text = parts.map(
    ({ repository: name, findings }) => `${name ?? 'Perf Bot'}\n${showFindings(findings)}`,
  );
  const verdict = errors === 0 ? 'No problems found.' : `${counted(errors, 'problem')} found (✗).`;
  context.print({ ok: errors === 0, errors, parts }, [...text, verdict].join('\n\n'));
  return errors === 0 ? 0 : 1;
}

async function listAll(admin: AdminCall): Promise<string[]> {
  const projects = (await admin({ method: 'GET', path: ['config'] })) as { repoFullName: string }[];
  return projects.map(({ repoFullName }) => repoFullName);
}

/** A part that can't be checked does not hide the others. */
async function findingsAt(admin: AdminCall, path: readonly string[]): Promise<readonly Finding[]> {
  try {
    return ((await admin({ method: 'GET', path })) as { findings: Finding[] }).findings;
  } catch (error) {
    if (!(error instanceof CliError) || error instanceof NoServer) throw error;
    return [
      {
        ok: false,
        subject: path.join('/'),
        message: error.message,
        remedy: 'see the log of admin-api',
      },
    ];
  }
}
