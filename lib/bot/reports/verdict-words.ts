/** The sentence on top, computed from the rows below it, so that the two can't disagree. */
import type { JobRun } from '../runs/job-run.ts';
import { code, words } from './markdown.ts';
import { formatDuration, formatPercent, isSize } from './numbers.ts';
import type { MetricRow, Report } from './report.ts';

export interface Headline {
  readonly icon: string;
  /** Markdown of one line, without the icon. */
  readonly text: string;
  /** The same as plain text, for a check's title. */
  readonly plain: string;
}

const ICONS = {
  slower: '🔴',
  faster: '🟢',
  changed: '🟡',
  unchanged: '🟢',
  'cannot-tell': '⚪',
  measured: '⚪',
} as const;

export function headlineOf(run: JobRun, nowMs: number): Headline {
  const job = { text: code(run.jobId), plain: run.jobId };
  const make = (icon: string, say: (name: string) => string): Headline => ({
    icon,
    text: say(job.text),
    plain: say(job.plain),
  });
  const tookMs = (run.endedAtMs ?? nowMs) - run.createdAtMs;
  switch (run.state) {
    case 'requested':
      return make('⏳', (name) => `${name} is being started`);
    case 'queued': {
      const position = run.platformRun.queuePosition;
      return make(
        '⏳',
        (name) => `${name} queued${position === undefined ? '' : ` - ${ordinal(position)} in line`}`,
      );
    }
    case 'running': {
      const sinceMs = run.platformRun.startedAtMs ?? run.createdAtMs;
      if (run.platformRun.endedAtMs !== undefined)
        return make('🏃', (name) => `${name} is done - waiting for its results`);
      return make('🏃', (name) => `${name} running, ${formatDuration(nowMs - sinceMs)} in`);
    }
    case 'uploaded':
      return make('🏃', (name) => `${name} has uploaded - reading the results`);
    case 'reported':
      return run.report ? reportHeadline(run, run.report) : make('🟢', (name) => `${name} passed`);
    case 'failed':
      return make('❌', (name) =>
        run.failure?.looksLike === 'configuration'
          ? `${name} could not be started`
          : `${name} did not finish - nothing was measured`,
      );
    case 'cancelled':
      return make(
        '⏹️',
        (name) =>
          `${name} was ${run.cancelRequested ? `cancelled ${byWhom(run)}` : 'aborted at the lab'} after ${formatDuration(tookMs)}`,
      );
    case 'timed-out':
      return make('⌛', (name) => `${name} stopped after ${formatDuration(tookMs)}`);
    case 'results-missing':
      return make('❌', (name) => `${name}: the job passed but no results reached Horreum`);
  }
}

function byWhom(run: JobRun): string {
  const cancelled = run.cancelRequested;
  if (cancelled?.why === 'superseded') return 'by a newer push';
  if (cancelled?.why === 'closed') return 'because the pull request was closed';
  if (cancelled?.why === 'removed') return 'because the project was removed';
  return `by ${words(cancelled?.by ?? 'somebody')}`;
}

function reportHeadline(run: JobRun, report: Report): Headline {
  const icon = ICONS[report.verdict];
  const say = (verdict: string, rest: string): Headline => ({
    icon,
    text: `${verdict} in ${code(run.jobId)}${rest}`,
    plain: `${verdict} in ${run.jobId}${rest}`,
  });
  switch (report.verdict) {
    case 'slower': {
      const worst = report.rows.filter(
        ({ verdict, policy, acknowledged }) => verdict === 'worse' && policy !== 'info' && !acknowledged,
      );
      const kinds = [...new Set(worst.map(worseWord))];
      return say(`${kinds.join(' and ')} - ${firstChanges(worst)}`, '');
    }
    case 'faster': {
      const best = report.rows.filter(({ verdict }) => verdict === 'better');
      return say(`no slowdown found`, `; better: ${firstChanges(best)}`);
    }
    case 'changed':
      return say(`changed - ${firstChanges(report.rows.filter(({ verdict }) => verdict === 'changed'))}`, '');
    case 'unchanged':
      return say('no slowdown found', '');
    case 'cannot-tell':
    case 'measured':
      return say('cannot tell', `: ${whyCannotTell(report)}`);
  }
}

function firstChanges(rows: readonly MetricRow[]): string {
  const named = rows.slice(0, 2).map((row) => `${words(row.title, 60)} ${upOrDown(row)}`);
  const more = rows.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function upOrDown({ changePercent = 0 }: MetricRow): string {
  return `${changePercent > 0 ? 'up' : 'down'} ${formatPercent(Math.abs(changePercent)).replace(/^\+/, '')}`;
}

function whyCannotTell(report: Report): string {
  const undecided = report.rows.filter(
    ({ verdict, policy }) => verdict === 'cannot-tell' && policy !== 'info',
  );
  if (undecided.length === 0) return 'there is nothing to compare with';
  const total = report.rows.filter(({ verdict }) => verdict !== 'info').length;
  return `${undecided.length} of ${total} metric${total === 1 ? '' : 's'} undecided (${words(undecided[0]?.title ?? '', 60)}${undecided.length > 1 ? ', …' : ''})`;
}

/** What a worse metric is, in one word. */
export function worseWord(row: MetricRow): string {
  if (isSize(row.unit)) return row.direction === 'higher' ? 'smaller' : 'larger';
  return 'slower';
}

export function betterWord(row: MetricRow): string {
  if (isSize(row.unit)) return row.direction === 'higher' ? 'larger' : 'smaller';
  return 'faster';
}

function ordinal(position: number): string {
  if (position === 1) return 'next';
  const suffix =
    position % 100 >= 11 && position % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][position % 10] ?? 'th');
  return `${position}${suffix}`;
}
