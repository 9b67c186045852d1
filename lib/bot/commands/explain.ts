/** `explain METRIC`: shows how a metric of this pull request was judged. */
import { UserError } from '../record/errors.ts';
import { sparkline } from '../reports/words/charts.ts';
import { code, table, words } from '../text/markdown.ts';
import { counted, formatPercent, formatValue } from '../text/numbers.ts';
import { newestOfEachJob } from '../record/job-run.ts';
import type { MetricRow } from '../record/report.ts';
import { horreumWord, verdictWord } from '../reports/words/metric-words.ts';
import { moreRunsWords } from '../reports/words/undecided.ts';
import { shortKey } from '../record/run-key.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Command } from '../grammar/parse-command.ts';
import { runsOfPullRequest } from './find-named.ts';

export async function explain(context: CommandContext, command: Command): Promise<Answer> {
  const metric = command.words[0] ?? '';
  const reported = (await runsOfPullRequest(context)).filter(({ report }) => report !== undefined);
  const rows = newestOfEachJob(reported).flatMap((run) =>
    (run.report?.rows ?? []).map((row) => ({ run, row })),
  );
  const found = rows.filter(
    ({ row }) => row.name === metric || row.title.toLowerCase() === metric.toLowerCase(),
  );
  if (found.length === 0) {
    const names = [...new Set(rows.map(({ row }) => row.name))];
    throw new UserError(
      `### ❓ There is no metric ${code(metric, 80)} on this pull request\n${didYouMean(metric, names)}${
        names
          .slice(0, 20)
          .map((name) => code(name))
          .join(' · ') || 'Nothing has been measured yet.'
      }`,
    );
  }
  const parts = found
    .slice(0, 8)
    .map(
      ({ run, row }) =>
        `### ${words(row.title, 80)} in ${code(run.jobId)} (${code(shortKey(run.runKey))})\n\n${explanation(row, run.report?.baseline)}`,
    );
  return { reaction: 'eyes', reply: parts.join('\n\n') };
}

function explanation(row: MetricRow, baseline: string | undefined): string {
  const lines = [
    ['Verdict', verdictWord(row)],
    ['Why', row.why === undefined ? 'it is only shown, not judged' : words(row.why, 600)],
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
    ['Change', changeWithRange(row)],
    [
      'Limit',
      row.limitPercent === undefined
        ? 'none'
        : `${formatPercent(row.limitPercent).replace(/^\+/, '')} either way${turningPoints(row)}`,
    ],
    ...(row.careAboutPercent === undefined
      ? []
      : [
          [
            'You care about',
            `${formatPercent(row.careAboutPercent).replace(/^\+/, '')}${row.careAboutAssumed ? ' (assumed: the metric has no threshold)' : ''}`,
          ],
        ]),
    ...(row.moreRuns === undefined ? [] : [['To decide it', moreRunsWords(row.moreRuns)]]),
    ...(row.runs === undefined
      ? []
      : [['Judged from', `${counted(row.runs, 'run')} of main, ${row.samples ?? 1} of this commit`]]),
    ...(row.spread === undefined
      ? []
      : [['Run-to-run spread of main', formatValue(row.spread, row.unit, 2, row.baseline)]]),
    ['Better is', row.direction ?? 'not configured'],
    [
      'Policy',
      {
        gate: 'gate: a slower value fails the check',
        warn: 'warn: a slower value makes the check neutral',
        info: 'info: the value is only shown',
      }[row.policy],
    ],
    ...(row.history && row.history.length > 1 ? [['Main, oldest first', code(sparkline(row.history))]] : []),
    ...(row.horreumSays === undefined ? [] : [['Horreum’s own rule says', horreumWord(row)]]),
  ];
  return table(
    [
      { title: 'What', align: 'left' },
      { title: '', align: 'left' },
    ],
    lines,
  );
}

function changeWithRange({ changePercent, interval }: MetricRow): string {
  if (changePercent === undefined) return 'n/a';
  const range =
    interval === undefined
      ? ''
      : `; 95% confidence interval ${formatPercent(interval[0])} to ${formatPercent(interval[1])}`;
  return formatPercent(changePercent) + range;
}

/** The values beyond which the verdict would change. */
function turningPoints({ baseline, limitPercent, unit }: MetricRow): string {
  if (baseline === undefined || limitPercent === undefined || !Number.isFinite(baseline)) return '';
  const distance = (Math.abs(baseline) * limitPercent) / 100;
  return `: below ${formatValue(baseline - distance, unit, undefined, baseline)} or above ${formatValue(baseline + distance, unit, undefined, baseline)} it counts as changed`;
}
