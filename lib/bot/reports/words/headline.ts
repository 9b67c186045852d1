/** The sentence on top, computed from the rows below it, so that the two can't disagree. */
import type { JobRun } from '../../record/job-run.ts';
import { code, plainWords, words } from '../../text/markdown.ts';
import { horreumWord, worseWord } from './metric-words.ts';
import { seenChange } from './undecided.ts';
import { counted, formatDuration, formatPercent } from '../../text/numbers.ts';
import type { MetricRow, Report } from '../../record/report.ts';
import { isJudged, judgedCount } from '../summarize.ts';

export interface Headline {
  readonly icon: string;
  /** Markdown of one line, without the icon. */
  readonly text: string;
  /** The same as plain text, for a check's title. */
  readonly plain: string;
}

/** How what comes from outside is written: escaped for Markdown, or as it is. */
interface Voice {
  readonly job: string;
  readonly say: (text: string, maxLength: number) => string;
}

export function headlineOf(run: JobRun, nowMs: number): Headline {
  return {
    icon: iconOf(run),
    text: sentence(run, nowMs, { job: code(run.jobId), say: words }),
    plain: sentence(run, nowMs, { job: plainWords(run.jobId, 100), say: plainWords }),
  };
}

function iconOf({ state, report }: JobRun): string {
  switch (state) {
    case 'requested':
    case 'queued':
      return '⏳';
    case 'running':
    case 'uploaded':
      return '🏃';
    case 'reported':
      return report ? reportIcon(report) : '🟢';
    case 'failed':
    case 'results-missing':
      return '❌';
    case 'cancelled':
      return '⏹️';
    case 'timed-out':
      return '⌛';
  }
}

function reportIcon(report: Report): string {
  switch (report.verdict) {
    case 'slower':
      return openlyWorse(report).some(({ policy }) => policy === 'gate') ? '🔴' : '🟠';
    case 'faster':
    case 'unchanged':
      return report.rows.some((row) => row.verdict === 'worse' && row.acknowledged) ? '🟠' : '🟢';
    case 'changed':
      return '🟡';
    case 'cannot-tell':
      return '⚪';
  }
}

function sentence(run: JobRun, nowMs: number, voice: Voice): string {
  const { job } = voice;
  const { platformRun, horreum } = run;
  const tookMs = (run.endedAtMs ?? nowMs) - run.createdAtMs;
  switch (run.state) {
    case 'requested':
      return run.earlierFailure
        ? `${job} is tried once more after a fault of the lab`
        : `${job} is being started`;
    case 'queued':
      return `${job} queued${platformRun.queuePosition === undefined ? '' : ` - ${ordinal(platformRun.queuePosition)} in line`}`;
    case 'running':
      if (platformRun.endedAtMs !== undefined) return `${job} is done - waiting for its results`;
      return `${job} running, ${formatDuration(nowMs - (platformRun.startedAtMs ?? run.createdAtMs))} in`;
    case 'uploaded':
      return `${job} has uploaded - reading the results`;
    case 'reported':
      return run.report ? reportSentence(run.report, voice) : `${job} passed`;
    case 'failed':
      if (run.failure?.looksLike === 'configuration') return `${job} could not be started`;
      if (run.failure?.looksLike === 'unstable')
        return `${job} ended as unstable - its numbers are not trusted`;
      if (run.failure?.looksLike === 'lab' && horreum?.runId === undefined)
        return `${job} did not finish - the lab broke down, not your change`;
      if (horreum?.runId !== undefined) return `${job} failed after its upload - its numbers are not trusted`;
      return `${job} did not finish - nothing was measured`;
    case 'cancelled':
      return run.cancelRequested
        ? `${job} was cancelled ${byWhom(run, voice)} after ${formatDuration(tookMs)}`
        : `${job} was aborted at the lab after ${formatDuration(timeAtLabMs(run) ?? tookMs)}`;
    case 'timed-out':
      return `${job} stopped after ${formatDuration(tookMs)} - it ran out of time`;
    case 'results-missing':
      if (horreum?.refused !== undefined) return `${job}: its results may not be shown here`;
      if (horreum?.runId !== undefined) return `${job}: the results came but could not be read`;
      return `${job}: the job passed but no results reached Horreum`;
  }
}

function timeAtLabMs({ platformRun: { startedAtMs, endedAtMs } }: JobRun): number | undefined {
  return startedAtMs === undefined || endedAtMs === undefined ? undefined : endedAtMs - startedAtMs;
}

function byWhom({ cancelRequested: cancelled }: JobRun, { say }: Voice): string {
  switch (cancelled?.why) {
    case 'superseded':
      return 'by a newer push';
    case 'closed':
      return 'because the pull request was closed';
    case 'removed':
      return 'because the project was removed';
    case 'deadline':
    case 'person':
    case undefined:
      return `by ${say(cancelled?.by ?? 'somebody', 60)}`;
  }
}

function reportSentence(report: Report, voice: Voice): string {
  const { job } = voice;
  switch (report.verdict) {
    case 'slower': {
      const worst = openlyWorse(report);
      const kinds = [...new Set(worst.map(worseWord))];
      return `${kinds.join(' and ')} - ${firstChanges(worst, report, voice)} in ${job}`;
    }
    case 'changed':
      return `changed - ${firstChanges(
        report.rows.filter((row) => isJudged(row) && row.verdict === 'changed'),
        report,
        voice,
      )} in ${job}`;
    case 'faster':
    case 'unchanged': {
      const accepted = report.rows.filter((row) => isJudged(row) && row.verdict === 'worse');
      if (accepted.length > 0) return `accepted - ${firstChanges(accepted, report, voice)} in ${job}`;
      return `no slowdown found in ${job}`;
    }
    case 'cannot-tell':
      return `cannot tell - ${whyCannotTell(report, voice)} in ${job}`;
  }
}

/** What is worse and nobody has accepted. */
export function openlyWorse({ rows }: Report): MetricRow[] {
  return rows.filter((row) => isJudged(row) && row.verdict === 'worse' && !row.acknowledged);
}

/** The first two metrics; one that several datasets hold is named once, with its greatest change. */
function firstChanges(rows: readonly MetricRow[], { omittedRows, counts }: Report, voice: Voice): string {
  const byTitle = new Map<string, MetricRow[]>();
  for (const row of rows) byTitle.set(row.title, [...(byTitle.get(row.title) ?? []), row]);
  const named = [...byTitle.values()].slice(0, 2).map((same) => changeWords(same, voice));
  const more = byTitle.size - named.length;
  // Rows for which the record had no room may be of any metric.
  const isCut = omittedRows > 0 && rows.some(({ verdict }) => counts[verdict] > rows.length);
  return named.join(', ') + (more > 0 ? ` and ${isCut ? 'at least ' : ''}${more} more` : '');
}

/** `Throughput down 7.4%`; from zero there is no percentage. */
function changeWords([row, ...others]: readonly MetricRow[], { say }: Voice): string {
  const { changePercent, baseline = 0, value = 0 } = row ?? {};
  const title = say(row?.title ?? '', 60);
  const places = others.length === 0 ? '' : ` (in ${others.length + 1} datasets)`;
  if (changePercent === undefined) return `${title} ${value > baseline ? 'up' : 'down'} from zero${places}`;
  const size = formatPercent(Math.abs(changePercent)).replace(/^\+/, '');
  return `${title} ${changePercent > 0 ? 'up' : 'down'} ${size}${places}`;
}

function whyCannotTell(report: Report, { say }: Voice): string {
  const { rows, counts } = report;
  const undecided = rows.filter((row) => isJudged(row) && row.verdict === 'cannot-tell');
  if (undecided.length === 0) return 'nothing to compare with';
  const [first] = undecided;
  if (first && counts['cannot-tell'] === 1) return oneUndecided(first, say);
  const names = undecided.slice(0, 2).map(({ title }) => say(title, 60));
  return `${counts['cannot-tell']} of ${counted(judgedCount(report), 'metric')} undecided (${names.join(', ')}${undecided.length > 2 ? ', …' : ''})`;
}

function oneUndecided(row: MetricRow, say: Voice['say']): string {
  const title = say(row.title, 60);
  if (row.horreumSays !== undefined && row.undecided === 'too-few-runs')
    return `Horreum’s rule says ${horreumWord(row)}, but how noisy ${title} is isn’t known yet`;
  const sees = row.undecided === 'noise' ? seenChange(row) : '';
  return `${title} undecided${sees === '' ? '' : `: ${sees}`}`;
}

function ordinal(position: number): string {
  if (position === 1) return 'next';
  const suffix =
    position % 100 >= 11 && position % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][position % 10] ?? 'th');
  return `${position}${suffix}`;
}
