/** Writes the section of a run with results: the count in words, what to do, the tables, the pictures, how it was decided. A clean result is two lines. */
import type { JobRun } from '../../record/job-run.ts';
import { asArgument, commandFor, type CommandVoice } from '../../grammar/copyable.ts';
import { decisionFold } from './decision-fold.ts';
import { code, link, words } from '../../text/markdown.ts';
import { metricCharts } from './charts.ts';
import { metricTables, unsigned } from './metric-table.ts';
import type { MetricRow, MoreRuns, Report } from '../../record/report.ts';
import { counted } from '../../text/numbers.ts';
import { isJudged, judgedCount } from '../summarize.ts';
import { betterWord, horreumWord } from './metric-words.ts';
import { moreRunsWords, seenChange } from './undecided.ts';
import { openlyWorse } from './headline.ts';

export interface ReportedContext extends CommandVoice {
  readonly maxTableChars: number;
  readonly withPictures?: boolean;
}

export function reportedSection(run: JobRun, context: ReportedContext): string {
  const { report } = run;
  if (!report)
    return run.horreum ? '' : 'The job has no results store configured, so there is nothing to compare.';
  const isClean = report.verdict === 'unchanged' || report.verdict === 'faster';
  const tables = metricTables(report, context.maxTableChars, { allInOneFold: isClean });
  const pictures = context.withPictures === false ? '' : metricCharts(report, !isClean);
  const decision = context.withPictures === false ? '' : decisionFold(report, context.prompt);
  return [
    isClean ? cleanLine(run, report) : alertBox(run, report, context),
    tables.markdown,
    spillLine(run, tables.leftOut),
    pictures,
    decision,
    report.notes.map((note) => `- ${words(note, 300)}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const ALERTS = {
  slower: 'CAUTION',
  changed: 'WARNING',
  'cannot-tell': 'NOTE',
  faster: 'NOTE',
  unchanged: 'NOTE',
} as const;

function alertBox(run: JobRun, report: Report, voice: CommandVoice): string {
  const onlyWarns =
    report.verdict === 'slower' && openlyWorse(report).every(({ policy }) => policy === 'warn');
  const kind = onlyWarns ? 'WARNING' : ALERTS[report.verdict];
  const lines = [`> [!${kind}]`, `> ${tally(report)}${comparedWith(run, report)}${stillTidying(run)}`];
  const why = whyUndecided(report);
  const next = nextStep(report, voice);
  return [
    ...lines,
    ...(why === '' ? [] : [`> **Why:** ${why}`]),
    ...(next === '' ? [] : [`> **Next:** ${next}`]),
  ].join('\n');
}

function tally(report: Report): string {
  const { counts, rows } = report;
  const judged = judgedCount(report);
  if (judged === 0) return 'Nothing was compared.';
  const worse = rows.filter((row) => isJudged(row) && row.verdict === 'worse');
  const gating = worse.filter(({ policy, acknowledged }) => policy === 'gate' && !acknowledged).length;
  const warning = worse.filter(({ policy, acknowledged }) => policy === 'warn' && !acknowledged).length;
  const accepted = worse.filter(({ acknowledged }) => acknowledged).length;
  const parts = [
    gating > 0 ? `**${counted(gating, 'gating metric')} worse than allowed**` : '',
    warning > 0 ? `**${warning} worse than allowed, only ${warning === 1 ? 'a warning' : 'warnings'}**` : '',
    accepted > 0 ? `${accepted} worse but accepted` : '',
    counts.worse > worse.length ? `${counts.worse - worse.length} more worse` : '',
    counts.changed > 0 ? `${counts.changed} changed` : '',
    counts.better > 0 ? `${counts.better} better` : '',
    counts['cannot-tell'] > 0 ? `${counts['cannot-tell']} undecided` : '',
    counts.same > 0 ? `${counts.same} unchanged` : '',
  ].filter((part) => part !== '');
  return `Of ${counted(judged, 'metric')}${inDatasets(report)}: ${parts.join(', ')}.`;
}

function comparedWith({ headSha }: JobRun, { baseline }: Report): string {
  return baseline === undefined ? '' : ` ${code(headSha.slice(0, 7))} compared with ${words(baseline, 200)}.`;
}

function inDatasets({ datasets }: Report): string {
  return datasets > 1 ? ` in ${datasets} datasets` : '';
}

function stillTidying({ platformRun }: JobRun): string {
  return platformRun.endedAtMs === undefined ? ' The job was still tidying up when this was written.' : '';
}

function nextStep(report: Report, voice: CommandVoice): string {
  const rerun = commandFor(voice, 'rerun');
  switch (report.verdict) {
    case 'slower': {
      const [first] = openlyWorse(report);
      const ack = code(`${voice.prompt} ack ${asArgument(first?.name ?? '')} "reason"`);
      return `fix it and push, ${rerun} to measure this commit once more, or a maintainer records why it is acceptable: ${ack}`;
    }
    case 'changed': {
      const [first] = report.rows.filter((row) => isJudged(row) && row.verdict === 'changed');
      return `see whether that is meant. Nothing says which way is good: ${code(`direction`)} of ${code(first?.name ?? '', 80)} in the project file does`;
    }
    case 'cannot-tell':
      return nextWhenUndecided(report, rerun);
    case 'faster':
    case 'unchanged':
      return '';
  }
}

/** Of the first metric that is undecided, where that is the verdict. */
function whyUndecided(report: Report): string {
  const first = report.verdict === 'cannot-tell' ? undecidedOf(report)[0] : undefined;
  if (!first) return '';
  const seen = first.undecided === 'noise' ? seenChange(first) : '';
  const quoted =
    first.horreumSays === undefined || first.undecided !== 'too-few-runs'
      ? ''
      : ` Horreum’s own rule, which knows no noise, says ${horreumWord(first)}.`;
  return `${words(first.title, 60)}: ${seen === '' ? words(first.why ?? '', 400) : seen}${quoted}`;
}

function undecidedOf({ rows }: Report): MetricRow[] {
  return rows.filter((row) => isJudged(row) && row.verdict === 'cannot-tell');
}

function nextWhenUndecided(report: Report, rerun: string): string {
  const undecided = undecidedOf(report);
  if (undecided.length === 0)
    return `run the job on main, so that there is something to compare with; then ${rerun}`;
  const [advised] = undecided.filter(({ moreRuns }) => moreRuns !== undefined);
  if (advised?.moreRuns) return whatDecides(advised, advised.moreRuns, rerun);
  const noValue = undecided.every(({ value }) => value === undefined || !Number.isFinite(value));
  if (noValue) return `see whether the job still uploads it, and whether its label at Horreum still finds it`;
  return `let the job run on main a few more times, then ${rerun}`;
}

/** Only what was simulated to work is offered. */
function whatDecides({ title }: MetricRow, more: MoreRuns, rerun: string): string {
  const decides = `${moreRunsWords(more)} (${words(title, 60)})`;
  if (more.ofPullRequest !== null) return `${decides}; each ${rerun} adds one of this pull request`;
  if (more.ofMain !== null) return `${decides}; more runs of this pull request would not`;
  return `${decides}: make the job steadier, or set a larger \`threshold\` for it`;
}

/** What was looked at, against what, how small a change counts, and the best news. */
function cleanLine(run: JobRun, report: Report): string {
  const judged = judgedCount(report);
  const rows = report.rows.filter(isJudged);
  const held = report.baseline === undefined ? '' : ` compared with ${words(report.baseline, 200)}`;
  const accepted = rows.filter(({ verdict, acknowledged }) => verdict === 'worse' && acknowledged);
  return [
    `${counted(judged, 'metric')}${inDatasets(report)}, ${noneBeyond(rows)}; ${code(run.headSha.slice(0, 7))}${held}.`,
    accepted.length > 0 ? `Accepted: ${accepted.slice(0, 3).map(acceptedBy).join('; ')}.` : '',
    best(rows),
    stillTidying(run).trim(),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function noneBeyond(rows: readonly MetricRow[]): string {
  const limits = rows.flatMap(({ limitPercent }) => limitPercent ?? []).sort((one, other) => one - other);
  const [least] = limits;
  const most = limits.at(-1);
  const none = rows.some(({ verdict }) => verdict === 'worse') ? 'none else worse' : 'none worse';
  if (least === undefined || most === undefined) return none;
  const range =
    unsigned(least) === unsigned(most) ? `±${unsigned(most)}` : `±${unsigned(least)} to ±${unsigned(most)}`;
  return `${none} by more than its limit (${range})`;
}

function best(rows: readonly MetricRow[]): string {
  const better = rows.filter(({ verdict }) => verdict === 'better');
  const [first] = better;
  if (!first) return '';
  const more = better.length > 1 ? `, and ${better.length - 1} more better` : '';
  const size = first.changePercent === undefined ? '' : ` ${unsigned(first.changePercent)}`;
  return `Best: ${words(first.title, 60)}${size} ${betterWord(first)}${more}.`;
}

function acceptedBy({ title, acknowledged }: MetricRow): string {
  return `${words(title, 60)} by ${words(acknowledged?.by ?? '', 60)} (${words(acknowledged?.reason ?? '', 120)})`;
}

function spillLine({ published, horreum }: JobRun, leftOut: number): string {
  if (leftOut === 0) return '';
  const check =
    published.checkRunUrl === undefined
      ? 'the check run’s text'
      : link('the check run’s text', published.checkRunUrl);
  const store = horreum?.url === undefined ? 'Horreum' : link('Horreum', horreum.url);
  return `${leftOut} more row${leftOut === 1 ? ' has' : 's have'} no room here: see ${check}, and ${store} for all of them.`;
}
