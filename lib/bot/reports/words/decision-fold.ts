/** Writes the fold "How this was decided": the rule, what was compared, and the numbers of each metric that is not simply unchanged. */
import { asArgument } from '../../grammar/copyable.ts';
import { code, details, words } from '../../text/markdown.ts';
import { counted } from '../../text/numbers.ts';
import type { MetricRow, Report } from '../../record/report.ts';
import { isJudged, judgedCount } from '../summarize.ts';
import { horreumWord } from './metric-words.ts';
import { moreRunsWords } from './undecided.ts';

const MOST_METRICS = 10;

export function decisionFold(report: Report, prompt: string, maxMetrics = MOST_METRICS): string {
  const judged = report.rows.filter(isJudged);
  if (judged.length === 0) return '';
  const notable = judged.filter(
    ({ verdict, horreumSays }) => verdict !== 'same' || horreumSays !== undefined,
  );
  const shown = (notable.length > 0 ? notable : judged).slice(0, maxMetrics);
  const example = shown[0] ?? judged[0];
  const lines = [
    comparedWith(report),
    `A change counts when it is beyond the metric’s limit: its threshold, or what main’s own run-to-run noise hides if that is more. The limits are set so that a report of ${counted(judgedCount(report), 'metric')} rarely raises a false alarm. *Unchanged* means that a change of the size you care about would have been seen; otherwise the verdict is *cannot tell*.`,
    shown.map(lineOf).join('\n'),
    assumedLine(judged),
    example ? `${code(`${prompt} explain ${asArgument(example.name)}`)} shows this for any metric.` : '',
  ];
  return details('How this was decided', lines.filter((line) => line !== '').join('\n\n'));
}

function comparedWith({ baseline, baselineWhy, environment }: Report): string {
  const where =
    environment === undefined
      ? ''
      : ` Runs count only with the same ${environment.map((one) => code(one, 80)).join(', ')}.`;
  if (baseline === undefined)
    return baselineWhy === undefined ? '' : `Compared with nothing: ${words(baselineWhy, 400)}.${where}`;
  const why = baselineWhy === undefined ? '' : ` (${words(baselineWhy, 400)})`;
  return `Compared with ${words(baseline, 200)}${why}.${where}`;
}

function lineOf(row: MetricRow): string {
  const place = row.dataset === undefined ? '' : `, dataset ${row.dataset}`;
  const horreum = row.horreumSays === undefined ? '' : ` Horreum’s own rule says ${horreumWord(row)}.`;
  const more = row.moreRuns === undefined ? '' : ` By simulation, ${moreRunsWords(row.moreRuns)}.`;
  return `- **${words(row.title, 80)}**${place}: ${words(row.why ?? '', 500)}${more}${horreum}`;
}

function assumedLine(rows: readonly MetricRow[]): string {
  return rows.some(({ careAboutAssumed }) => careAboutAssumed)
    ? 'Where a metric has no threshold, a change of 10% is assumed to matter: `threshold` in the project file says otherwise.'
    : '';
}
