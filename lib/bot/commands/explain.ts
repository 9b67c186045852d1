/** `explain METRIC`: how a metric of this pull request was judged. */
import { UserError } from '../record/errors.ts';
import { sparkline } from '../reports/words/charts.ts';
import { code, table, words } from '../text/markdown.ts';
import { formatPercent, formatValue } from '../text/numbers.ts';
import type { MetricRow } from '../record/report.ts';
import { verdictWord } from '../reports/words/metric-words.ts';
import { shortKey } from '../record/run-key.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { nearest } from '../text/nearest.ts';
import type { Command } from '../grammar/parse-command.ts';
import { runsOfPullRequest } from './pick-run.ts';

export async function explain(context: CommandContext, command: Command): Promise<Answer> {
  const metric = command.words[0] ?? '';
  const reported = (await runsOfPullRequest(context)).filter(({ report }) => report !== undefined);
  const newest = reported.filter(
    (run, index) => reported.findIndex(({ jobId }) => jobId === run.jobId) === index,
  );
  const rows = newest.flatMap((run) => (run.report?.rows ?? []).map((row) => ({ run, row })));
  const found = rows.filter(
    ({ row }) => row.name === metric || row.title.toLowerCase() === metric.toLowerCase(),
  );
  if (found.length === 0) {
    const names = [...new Set(rows.map(({ row }) => row.name))];
    const near = nearest(metric, names);
    throw new UserError(
      `### ❓ No metric ${code(metric, 80)} was measured on this pull request\n${near === undefined ? '' : `Did you mean ${code(near)}? `}${
        names
          .slice(0, 20)
          .map((name) => code(name))
          .join(' · ') || 'Nothing was measured yet.'
      }`,
    );
  }
  const parts = found
    .slice(0, 8)
    .map(
      ({ run, row }) =>
        `### ${words(row.title, 80)} in ${code(run.jobId)} (${code(shortKey(run.runKey))})\n\n${explained(row, run.report?.baseline)}`,
    );
  return { reaction: 'eyes', reply: parts.join('\n\n') };
}

function explained(row: MetricRow, baseline: string | undefined): string {
  const lines = [
    ['Verdict', verdictWord(row)],
    ['Why', row.why === undefined ? 'nothing judges it: it is only shown' : words(row.why, 600)],
    [
      'Baseline',
      row.baseline === undefined
        ? 'none'
        : `${formatValue(row.baseline, row.unit)}${baseline === undefined ? '' : ` (${words(baseline)})`}`,
    ],
    [
      'This pull request',
      row.value === undefined
        ? words(row.text ?? 'none')
        : formatValue(row.value, row.unit, undefined, row.baseline),
    ],
    ['Change', changeOf(row)],
    [
      'Limit',
      row.limitPercent === undefined
        ? 'none'
        : `${formatPercent(row.limitPercent).replace(/^\+/, '')} either way${turningPoints(row)}`,
    ],
    ...(row.runs === undefined
      ? []
      : [['Judged from', `${row.runs} runs of main, ${row.samples ?? 1} of this commit`]]),
    ...(row.spread === undefined
      ? []
      : [['Run-to-run spread of main', formatValue(row.spread, row.unit, 2, row.baseline)]]),
    ['Better is', row.direction ?? 'not configured'],
    [
      'Policy',
      {
        gate: 'gate: slower fails the check',
        warn: 'warn: slower makes the check neutral',
        info: 'info: only shown',
      }[row.policy],
    ],
    ...(row.history && row.history.length > 1 ? [['Main, oldest first', code(sparkline(row.history))]] : []),
    ...(row.horreumSays === undefined ? [] : [['Horreum says', row.horreumSays]]),
  ];
  return table(
    [
      { title: 'What', align: 'left' },
      { title: '', align: 'left' },
    ],
    lines,
  );
}

function changeOf({ changePercent, interval }: MetricRow): string {
  if (changePercent === undefined) return 'n/a';
  const range =
    interval === undefined
      ? ''
      : `, with 95% certainty between ${formatPercent(interval[0])} and ${formatPercent(interval[1])}`;
  return formatPercent(changePercent) + range;
}

/** The values beyond which the verdict would be another. */
function turningPoints({ baseline, limitPercent, unit }: MetricRow): string {
  if (baseline === undefined || limitPercent === undefined || !Number.isFinite(baseline)) return '';
  const distance = (Math.abs(baseline) * limitPercent) / 100;
  return `: below ${formatValue(baseline - distance, unit, undefined, baseline)} or above ${formatValue(baseline + distance, unit, undefined, baseline)} it counts as changed`;
}
