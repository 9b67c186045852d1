/** The one status comment of a pull request, drawn whole from all of its runs. It holds no live mention and no state. */
import type { JobRun } from '../runs/job-run.ts';
import { code, cutToBytes, details, hidden, table } from './markdown.ts';
import { runSection, type SectionContext } from './run-section.ts';
import { headlineOf } from './verdict-words.ts';
import { machineVerdict } from './machine-verdict.ts';

/** How the comment is found again: marker and author together, since anybody can paste the marker. */
export const STATUS_MARKER = '<!-- perf-bot:status -->';

/** GitHub refuses more than 65,536 characters; what counts there is not documented exactly. */
const MAX_BODY_CHARS = 60_000;
const MAX_EARLIER = 30;

export interface StatusContext extends Omit<SectionContext, 'behind' | 'durationsMs' | 'maxTableChars'> {
  readonly behindOf: (run: JobRun) => SectionContext['behind'];
  readonly durationsOf: (run: JobRun) => readonly number[];
}

/** `runs` newest first. The newest run of each job is shown whole, earlier ones as a line. */
export function statusComment(runs: readonly JobRun[], context: StatusContext): string {
  const current = runs.filter((run, index) => runs.findIndex(({ jobId }) => jobId === run.jobId) === index);
  const sorted = [...current].sort((one, other) => severity(one) - severity(other));
  const earlier = runs.filter((run) => !current.includes(run));
  const room = Math.floor((MAX_BODY_CHARS - 6_000) / Math.max(1, current.length)) - 3_000;
  const sections = sorted.map((run) => {
    const behind = context.behindOf(run);
    return runSection(run, {
      ...context,
      ...(behind ? { behind } : {}),
      durationsMs: context.durationsOf(run),
      maxTableChars: Math.max(0, room),
    });
  });
  const machine = hidden(
    'perf-bot:v1',
    sorted.slice(0, 20).map((run) => machineVerdict(run, 0)),
  );
  const parts = [
    STATUS_MARKER,
    scorecard(sorted, context.nowMs),
    sections.join('\n\n---\n\n'),
    earlierRuns(earlier, context.nowMs),
    machine,
  ];
  const body = parts.filter((part) => part !== '').join('\n\n');
  return body.length <= MAX_BODY_CHARS
    ? body
    : `${cutToBytes(body, MAX_BODY_CHARS)}\n\n… cut: see the check runs.`;
}

const ORDER = [
  'slower',
  'failed',
  'results-missing',
  'timed-out',
  'changed',
  'cannot-tell',
  'open',
  'cancelled',
  'fine',
];

/** Worst first. */
function severity(run: JobRun): number {
  return ORDER.indexOf(
    run.state === 'reported' ? reportedSeverity(run) : ORDER.includes(run.state) ? run.state : 'open',
  );
}

function reportedSeverity({ report }: JobRun): string {
  const verdict = report?.verdict;
  return verdict === 'slower' || verdict === 'changed' || verdict === 'cannot-tell' ? verdict : 'fine';
}

function scorecard(runs: readonly JobRun[], nowMs: number): string {
  if (runs.length < 2) return '';
  const rows = runs.map((run) => {
    const { icon, text } = headlineOf(run, nowMs);
    return [code(run.jobId), `${icon} ${text}`, code(run.headSha.slice(0, 7))];
  });
  return table(
    [
      { title: 'Job', align: 'left' },
      { title: 'Verdict', align: 'left' },
      { title: 'Commit', align: 'left' },
    ],
    rows,
  );
}

function earlierRuns(runs: readonly JobRun[], nowMs: number): string {
  if (runs.length === 0) return '';
  const lines = runs.slice(0, MAX_EARLIER).map((run) => {
    const { icon, text } = headlineOf(run, nowMs);
    return `- ${code(run.headSha.slice(0, 7))} ${icon} ${text}`;
  });
  const more = runs.length > MAX_EARLIER ? `\n- and ${runs.length - MAX_EARLIER} more` : '';
  return details(`Earlier runs on this pull request (${runs.length})`, lines.join('\n') + more);
}
