/** The one mention of a run: a short comment of its own, made at the end and never edited, so that it notifies once and for certain. */
import type { JobRun } from '../../record/job-run.ts';
import { code, link } from '../../text/markdown.ts';
import { headlineOf } from './headline.ts';

export function mentionMarker(runKey: string): string {
  return `<!-- perf-bot:mention ${runKey} -->`;
}

export function mentionComment(run: JobRun, statusUrl: string | undefined, nowMs: number): string {
  const people = run.requestedBy.map(({ login }) => (isLogin(login) ? `@${login}` : code(login))).join(' ');
  const { icon, text } = headlineOf(run, nowMs);
  const where = statusUrl === undefined ? '' : ` - ${link('details', statusUrl)}`;
  return `${mentionMarker(run.runKey)}\n${people} ${icon} ${text} on ${code(run.headSha.slice(0, 7))}${where}`;
}

/** Only what GitHub allows as a login can become a live mention. https://docs.github.com/en/rest/users */
function isLogin(login: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(login);
}

/** Quiet projects and automatic runs are only told of what needs somebody's eyes. */
export function deservesMention(run: JobRun, quiet: boolean): boolean {
  if (run.subject.kind !== 'pull-request' || run.requestedBy.length === 0) return false;
  const clean =
    run.state === 'reported' &&
    (run.report === undefined || run.report.verdict === 'unchanged' || run.report.verdict === 'faster');
  if (run.automatic || quiet) return !clean && run.state !== 'cancelled';
  return true;
}
