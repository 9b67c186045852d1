/** The check run that goes with a run: status, conclusion, texts within GitHub's limits, and the buttons that make sense. */
import type { CheckAction, CheckConclusion, CheckRun } from '../../github/github.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { hasEnded, type JobRun } from '../runs/job-run.ts';
import { cutToBytes, shorten } from './markdown.ts';
import { metricTables } from './metric-table.ts';
import { runSection, type SectionContext } from './run-section.ts';
import { headlineOf } from './verdict-words.ts';

/** GitHub counts bytes, whatever its documentation says. */
const MAX_TEXT_BYTES = 65_000;

export function checkOfRun(
  run: JobRun,
  project: Pick<ProjectConfig, 'check'> | undefined,
  context: Omit<SectionContext, 'maxTableChars'>,
): CheckRun {
  const { icon, plain } = headlineOf(run, context.nowMs);
  const summary = cutToBytes(runSection(run, { ...context, maxTableChars: 12_000 }), MAX_TEXT_BYTES);
  const tables = run.report && run.state === 'reported' ? metricTables(run.report, 40_000) : undefined;
  const shared = {
    name: checkName(run.jobId),
    headSha: run.headSha,
    externalId: run.runKey,
    ...(run.platformRun.ref?.url === undefined ? {} : { detailsUrl: run.platformRun.ref.url }),
    startedAtMs: run.createdAtMs,
    title: shorten(`${icon} ${plain.replace(/\\/g, '')}`, 200),
    summary,
    ...(tables && tables.markdown !== '' ? { text: cutToBytes(tables.markdown, MAX_TEXT_BYTES) } : {}),
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

export function checkName(jobId: string): string {
  return `perf / ${jobId}`;
}

/** Never a false red, never a false green. */
export function conclusionOf(
  run: JobRun,
  project: Pick<ProjectConfig, 'check'> | undefined,
): CheckConclusion {
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

function reportConclusion(
  { report, horreum }: JobRun,
  project: Pick<ProjectConfig, 'check'> | undefined,
): CheckConclusion {
  if (!report) return horreum ? 'neutral' : 'success';
  const slower = report.rows.filter(({ verdict, acknowledged }) => verdict === 'worse' && !acknowledged);
  if (slower.some(({ policy }) => policy === 'gate')) return 'failure';
  if (slower.some(({ policy }) => policy === 'warn')) return 'neutral';
  if (
    report.rows.some(
      ({ verdict, policy, acknowledged }) => verdict === 'worse' && acknowledged && policy !== 'info',
    )
  )
    return 'neutral';
  switch (report.verdict) {
    case 'unchanged':
    case 'faster':
      return 'success';
    case 'cannot-tell':
      return project?.check?.failOnCannotTell ? 'failure' : 'neutral';
    case 'slower':
    case 'changed':
    case 'measured':
      return 'neutral';
  }
}

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
  const slower = run.report?.rows.some(
    ({ verdict, policy, acknowledged }) => verdict === 'worse' && policy !== 'info' && !acknowledged,
  );
  if (run.state === 'reported' && slower) return [RUN_AGAIN, ACKNOWLEDGE, RECHECK];
  return run.state === 'reported' || run.state === 'results-missing' ? [RUN_AGAIN, RECHECK] : [RUN_AGAIN];
}
