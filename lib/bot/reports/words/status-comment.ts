/** The one status comment of a pull request, drawn whole from all of its runs. It holds no live mention and no state. */
import { newestOfEachJob, type JobRun } from '../../record/job-run.ts';
import { machineVerdict } from '../machine-verdict.ts';
import { code, details, hidden, table } from '../../text/markdown.ts';
import { runSection, type SectionContext } from './run-section.ts';
import { headlineOf } from './headline.ts';
import { counted } from '../../text/numbers.ts';

/** How the comment is found again: marker and author together, since anybody can paste the marker. */
export const STATUS_MARKER = '<!-- perf-bot:status -->';

/** GitHub refuses more than 65,536 characters; what counts there is not documented exactly. */
const MAX_BODY_CHARS = 60_000;
const MAX_EARLIER = 30;
const MAX_MACHINE_RUNS = 20;

type PerRun = 'behind' | 'runKey' | 'durationsMs' | 'waitsMs';
type Room = 'maxTableChars' | 'maxLogChars' | 'withPictures' | 'withoutHeading';

export interface StatusContext extends Omit<SectionContext, PerRun | Room> {
  readonly behindOf: (run: JobRun) => SectionContext['behind'];
  readonly durationsOf: (run: JobRun) => readonly number[];
  readonly waitsOf?: (run: JobRun) => readonly number[];
}

/** How much of each run is told: the first that fits is taken. Nothing is ever cut in the middle. */
const LEVELS = [
  { tableShare: 0.75, maxLogChars: 6_000, withPictures: true, earlier: MAX_EARLIER, sections: 50 },
  { tableShare: 0.6, maxLogChars: 3_000, withPictures: false, earlier: MAX_EARLIER, sections: 50 },
  { tableShare: 0.3, maxLogChars: 800, withPictures: false, earlier: 10, sections: 50 },
  { tableShare: 0.1, maxLogChars: 0, withPictures: false, earlier: 5, sections: 10 },
  { tableShare: 0, maxLogChars: 0, withPictures: false, earlier: 0, sections: 3 },
] as const;

/** `runs` newest first. The newest run of each job is shown whole, earlier ones as a line. */
export function statusComment(runs: readonly JobRun[], context: StatusContext): string {
  const current = newestOfEachJob(runs);
  const sorted = [...current].sort((one, other) => severity(one) - severity(other));
  const earlier = runs.filter((run) => !current.includes(run));
  const drawn = LEVELS.map((level) => () => draw(sorted, earlier, context, level));
  for (const body of drawn) {
    const text = body();
    if (text.length <= MAX_BODY_CHARS) return text;
  }
  return [STATUS_MARKER, scorecard(sorted.slice(0, 20), context.nowMs), 'The check runs say the rest.'].join(
    '\n\n',
  );
}

function draw(
  sorted: readonly JobRun[],
  earlier: readonly JobRun[],
  context: StatusContext,
  level: (typeof LEVELS)[number],
): string {
  const shown = sorted.slice(0, level.sections);
  const room = Math.floor((MAX_BODY_CHARS * level.tableShare) / Math.max(1, shown.length));
  const sections = shown.map((run) => {
    const behind = context.behindOf(run);
    return runSection(run, {
      prompt: context.prompt,
      ...(sorted.length > 1 ? { runKey: run.runKey } : {}),
      nowMs: context.nowMs,
      ...(behind ? { behind } : {}),
      durationsMs: context.durationsOf(run),
      waitsMs: context.waitsOf?.(run) ?? [],
      maxTableChars: room,
      maxLogChars:
        Math.floor(level.maxLogChars / Math.max(1, shown.length)) + Math.min(400, level.maxLogChars),
      withPictures: level.withPictures,
    });
  });
  const left = sorted.length - shown.length;
  const parts = [
    STATUS_MARKER,
    scorecard(sorted, context.nowMs),
    sections.join('\n\n---\n\n'),
    left > 0 ? `${counted(left, 'more job')} had no room here: their check runs say all.` : '',
    earlierRuns(earlier, context.nowMs, level.earlier),
    hidden(
      'perf-bot:v1',
      sorted.slice(0, MAX_MACHINE_RUNS).map((run) => machineVerdict(run, 0)),
    ),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
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

/** One line a job, the worst on top, and above them how many need somebody's eyes. */
function scorecard(runs: readonly JobRun[], nowMs: number): string {
  if (runs.length < 2) return '';
  const rows = runs.slice(0, 50).map((run) => {
    const { icon, text } = headlineOf(run, nowMs);
    return [code(run.jobId, 100), `${icon} ${text}`, code(run.headSha.slice(0, 7))];
  });
  const fine = runs.filter((run) => ORDER[severity(run)] === 'fine').length;
  const open = runs.filter((run) => ORDER[severity(run)] === 'open').length;
  const others = runs.length - fine - open;
  const count = [
    others > 0 ? `${others} to look at` : '',
    open > 0 ? `${open} not finished` : '',
    fine > 0 ? `${fine} fine` : '',
  ].filter((part) => part !== '');
  return `**${runs.length} jobs:** ${count.join(', ')}\n\n${table(
    [
      { title: 'Job', align: 'left' },
      { title: 'What came of it', align: 'left' },
      { title: 'Commit', align: 'left' },
    ],
    rows,
  )}`;
}

function earlierRuns(runs: readonly JobRun[], nowMs: number, most: number): string {
  if (runs.length === 0 || most === 0) return '';
  const lines = runs.slice(0, most).map((run) => {
    const { icon, text } = headlineOf(run, nowMs);
    return `- ${code(run.headSha.slice(0, 7))} ${icon} ${text}`;
  });
  const more = runs.length > most ? `\n- and ${runs.length - most} more` : '';
  return details(`Earlier runs on this pull request (${runs.length})`, lines.join('\n') + more);
}
