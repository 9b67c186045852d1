/** "How this was decided": the rule, the baseline and why it was taken, and the numbers of each metric that is not simply unchanged. */
import { asArgument } from '../../grammar/copyable.ts';
import { code, details, words } from '../../text/markdown.ts';
import { counted } from '../../text/numbers.ts';
import type { MetricRow, Report } from '../../record/report.ts';
import { isJudged, judgedCount } from '../summarize.ts';

const MOST_METRICS = 10;

export function decisionFold(report: Report, prompt: string, maxMetrics = MOST_METRICS): string {
  const judged = report.rows.filter(isJudged);
  if (judged.length === 0) return '';
  const told = judged.filter(({ verdict, horreumSays }) => verdict !== 'same' || horreumSays !== undefined);
  const shown = (told.length > 0 ? told : judged).slice(0, maxMetrics);
  const example = shown[0] ?? judged[0];
  const lines = [
    heldAgainst(report),
    `A metric’s limit is the larger of its configured threshold and what main’s own run-to-run spread supports, set so that a report of ${counted(judgedCount(report), 'metric')} rarely raises a false alarm. What can’t be told from the noise is said to be so.`,
    shown.map(lineOf).join('\n'),
    example ? `${code(`${prompt} explain ${asArgument(example.name)}`)} says it of any metric.` : '',
  ];
  return details('How this was decided', lines.filter((line) => line !== '').join('\n\n'));
}

function heldAgainst({ baseline, baselineWhy, environment }: Report): string {
  const where =
    environment === undefined
      ? ''
      : ` Runs count only with the same ${environment.map((one) => code(one, 80)).join(', ')}.`;
  if (baseline === undefined)
    return baselineWhy === undefined ? '' : `Held against nothing: ${words(baselineWhy, 400)}.${where}`;
  const why = baselineWhy === undefined ? '' : ` (${words(baselineWhy, 400)})`;
  return `Held against ${words(baseline, 200)}${why}.${where}`;
}

function lineOf(row: MetricRow): string {
  const place = row.dataset === undefined ? '' : `, dataset ${row.dataset}`;
  const horreum = row.horreumSays === undefined ? '' : ` Horreum’s own threshold says: ${row.horreumSays}.`;
  return `- **${words(row.title, 80)}**${place}: ${words(row.why ?? '', 500)}${horreum}`;
}
