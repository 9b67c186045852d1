/** The check run that goes with a run: status, conclusion, texts within GitHub's limits, and the buttons that make sense. */
import type { CheckAction, CheckConclusion, CheckRun } from '../../../github/github.ts';
import type { ProjectConfig } from '../../projects/project-config.ts';
import { hasEnded, type JobRun } from '../../record/job-run.ts';
import { plainWords } from '../../text/markdown.ts';
import { metricTables } from './metric-table.ts';
import { runSection, type SectionContext } from './run-section.ts';
import { isJudged } from '../summarize.ts';
import { headlineOf, openlyWorse } from './headline.ts';

/** GitHub takes 65,535 bytes of each text, whatever its documentation says of characters. */
const MAX_TEXT_BYTES = 65_000;

type CheckRules = Pick<ProjectConfig, 'check'> | undefined;

export function checkOfRun(
  run: JobRun,
  project: CheckRules,
  context: Omit<SectionContext, 'maxTableChars'>,
): CheckRun {
  const { icon, plain } = headlineOf(run, context.nowMs);
  const { summary, maxTableChars } = summaryOf(run, context);
  const shared = {
    name: checkName(run.jobId),
    headSha: run.headSha,
    externalId: run.runKey,
    ...(run.platformRun.ref?.url === undefined ? {} : { detailsUrl: run.platformRun.ref.url }),
    startedAtMs: run.createdAtMs,
    title: plainWords(`${icon} ${plain}`, 200),
    summary,
    ...spillOf(run, maxTableChars),
  };
  if (hasEnded(run))
    return {
      ...shared,
      status: 'completed',
      conclusion: conclusionOf(run, project),
      actions: actionsOf(run),
    };
  return {
    ...shared,
    status: run.state === 'requested' || run.state === 'queued' ? 'queued' : 'in_progress',
  };
}

/** With pictures where they fit; the last resort is short in any case. */
function summaryOf(run: JobRun, context: Omit<SectionContext, 'maxTableChars'>) {
  const levels = [
    { maxTableChars: 12_000, maxLogChars: 12_000, withPictures: true },
    { maxTableChars: 6_000, maxLogChars: 4_000, withPictures: false },
    { maxTableChars: 0, maxLogChars: 0, withPictures: false },
  ];
  for (const level of levels) {
    const summary = runSection(run, { ...context, ...level, runKey: run.runKey, withoutHeading: true });
    if (Buffer.byteLength(summary) <= MAX_TEXT_BYTES) return { summary, ...level };
  }
  return { summary: 'There is too much to say here: see the comment on the pull request.', maxTableChars: 0 };
}

/** All rows, where the summary had no room for some. */
function spillOf({ report, state }: JobRun, maxTableChars: number): { text?: string } {
  if (!report || state !== 'reported' || metricTables(report, maxTableChars).leftOut === 0) return {};
  const { markdown } = metricTables(report, 60_000);
  return markdown === '' || Buffer.byteLength(markdown) > MAX_TEXT_BYTES ? {} : { text: markdown };
}

export function checkName(jobId: string): string {
  return `perf / ${jobId}`;
}

/** Never a false red, never a false green. */
export function conclusionOf(run: JobRun, project: CheckRules): CheckConclusion {
  switch (run.state) {
    case 'reported':
      return reportConclusion(run, project);
    case 'failed':
      if (run.failure?.looksLike === 'configuration') return 'action_required';
      return run.failure?.looksLike === 'lab' || run.failure?.looksLike === 'bot' ? 'neutral' : 'failure';
    case 'cancelled':
      return 'cancelled';
    case 'timed-out':
      return 'timed_out';
    case 'results-missing':
      return project?.check?.failOnMissingResults ? 'failure' : 'neutral';
    case 'requested':
    case 'queued':
    case 'running':
    case 'uploaded':
      return 'neutral';
  }
}

function reportConclusion({ report, horreum }: JobRun, project: CheckRules): CheckConclusion {
  if (!report) return horreum ? 'neutral' : 'success';
  const judged = report.rows.filter(isJudged);
  if (openlyWorse(report).some(({ policy }) => policy === 'gate')) return 'failure';
  const undecided =
    judged.length === 0 ||
    judged.some(({ verdict, policy }) => verdict === 'cannot-tell' && policy === 'gate');
  if (undecided && project?.check?.failOnCannotTell) return 'failure';
  const isGood = report.verdict === 'unchanged' || report.verdict === 'faster';
  return isGood && !judged.some(({ verdict }) => verdict === 'worse') ? 'success' : 'neutral';
}

/** GitHub allows three, labels and identifiers of at most 20 characters, descriptions of at most 40. */
const RUN_AGAIN: CheckAction = {
  label: 'Run again',
  description: 'Same job and parameters, newest commit',
  identifier: 'rerun',
};
const RECHECK: CheckAction = {
  label: 'Re-check',
  description: 'Look at the lab and Horreum again',
  identifier: 'recheck',
};
const ACKNOWLEDGE: CheckAction = {
  label: 'Acknowledge',
  description: 'Accept the slower metrics as they are',
  identifier: 'ack',
};

function actionsOf(run: JobRun): CheckAction[] {
  if (run.state === 'reported' && run.report && openlyWorse(run.report).length > 0)
    return [RUN_AGAIN, ACKNOWLEDGE, RECHECK];
  const mayChange =
    run.horreum !== undefined && (run.state === 'reported' || run.state === 'results-missing');
  return mayChange ? [RUN_AGAIN, RECHECK] : [RUN_AGAIN];
}
