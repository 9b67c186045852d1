/** `horreum url`, `horreum connect` and `perflab url`: print or register the URLs that Horreum and the labs report to. */
import { counted } from '../../../lib/bot/text/numbers.ts';
import { nearest } from '../../../lib/bot/text/nearest.ts';
import { UserError } from '../../../lib/bot/record/errors.ts';
import type { ProjectUrls } from '../../../lib/bot/operator/admin.ts';
import type { Connected } from '../../../lib/bot/operator/connect-horreum.ts';
import { HORREUM_EVENTS } from '../../../lib/bot/projects/project-urls.ts';
import { CliError, NoServer } from '../cli-error.ts';
import { repositoryPath, type CliContext } from '../cli-context.ts';
import { offlineUrls } from '../offline-urls.ts';

export async function printHorreumUrl(
  context: CliContext,
  repository: string,
  job: string,
  { event }: { readonly event: string },
): Promise<void> {
  if (!HORREUM_EVENTS.some((known) => known === event))
    throw new CliError(`There is no event ${event}. Events: ${HORREUM_EVENTS.join(', ')}`, 2);
  const { horreum } = await urlsOf(context, repository);
  const found = horreum.find((one) => one.job === job && one.event === event);
  if (!found) throw new CliError(noSuchJob(job, [...new Set(horreum.map((one) => one.job))]));
  context.print(found, found.url);
}

export async function printPerflabUrl(
  context: CliContext,
  repository: string,
  { signed }: { readonly signed?: boolean },
): Promise<void> {
  const { perflab, perflabSigned } = await urlsOf(context, repository);
  if (!signed) return context.print({ url: perflab }, perflab);
  context.print(perflabSigned, `${perflabSigned.url}\nsecret: ${perflabSigned.secret}`);
}

export async function connect(
  context: CliContext,
  repository: string,
  job: string | undefined,
): Promise<void> {
  const admin = await context.admin();
  context.progress(`Registering at Horreum for ${repository} …`);
  const { connected } = (await admin({
    method: 'POST',
    path: ['config', ...repositoryPath(repository), 'connect'],
    query: job === undefined ? {} : { job },
  })) as { connected: Connected[] };
  const lines = connected.map(
    ({ testId, jobs, event, outcome, removed, url, allowedSite }) =>
      `Test ${testId} (${jobs.join(', ')}): ${event} ${outcome} as ${url}` +
      (allowedSite === undefined ? '' : `; ${allowedSite} is now an allowed site`) +
      (removed === 0 ? '' : `; removed ${counted(removed, 'out-of-date action')}`),
  );
  context.print({ ok: true, connected }, lines.join('\n'));
}

/** Asks the running bot; without one, makes them from the files in PROJECTS_DIR. */
async function urlsOf(context: CliContext, repository: string): Promise<ProjectUrls> {
  const path = ['config', ...repositoryPath(repository), 'urls'];
  try {
    return (await (
      await context.admin()
    )({ method: 'GET', path })) as ProjectUrls;
  } catch (error) {
    const isLocal = context.options.api === undefined && !context.io.env['PERF_BOT_API_URL'];
    if (!(error instanceof NoServer) || !isLocal) throw error;
    const offline = await readOffline(context, repository);
    if (offline) return offline;
    throw new CliError(
      `${error.message} Without a running bot, the project needs a file in PROJECTS_DIR, and there is none for ${repository}.`,
    );
  }
}

async function readOffline({ io }: CliContext, repository: string): Promise<ProjectUrls | undefined> {
  try {
    return await offlineUrls(io, repository);
  } catch (error) {
    if (error instanceof UserError) throw new CliError(error.message);
    throw error;
  }
}

function noSuchJob(job: string, jobs: readonly string[]): string {
  if (jobs.length === 0)
    return 'No job of this project has a Horreum test. Set datastoreConfig in the project file.';
  const near = nearest(job, jobs);
  return `There is no job ${job} with a Horreum test.${near === undefined ? '' : ` Did you mean ${near}?`} Jobs: ${jobs.join(', ')}`;
}
