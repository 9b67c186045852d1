/** The pictures of a report: each changed metric over main's last runs and this one, with its limits. */
import { mermaidChart, sparkline } from './chart.ts';
import { details, htmlWords } from '../text/markdown.ts';
import { counted, scaleOf } from '../text/numbers.ts';
import type { MetricRow, Report } from '../record/report.ts';
import { isJudged } from './summarize.ts';

const MOST_CHARTS = 6;

/** `firstOpen`: the first one is there to be seen at once. */
export function metricCharts(report: Report, firstOpen: boolean): string {
  const drawn = eachOnceFirst(report.rows.filter(isDrawn)).slice(0, MOST_CHARTS);
  return drawn
    .map((row, index) => chartOf(row, firstOpen && index === 0))
    .filter((chart) => chart !== '')
    .join('\n\n');
}

/** Six pictures of one metric in six datasets would leave no room for the others. */
export function eachOnceFirst(rows: readonly MetricRow[]): MetricRow[] {
  const first = new Map(rows.toReversed().map((row) => [row.name, row]));
  const isFirst = (row: MetricRow) => first.get(row.name) === row;
  return [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))];
}

function isDrawn(row: MetricRow): boolean {
  const { verdict, history = [], value } = row;
  return (
    isJudged(row) &&
    verdict !== 'same' &&
    history.length >= 2 &&
    value !== undefined &&
    Number.isFinite(value)
  );
}

function chartOf(row: MetricRow, open: boolean): string {
  const { history = [], value = Number.NaN, dataset } = row;
  const scale = scaleOf(row.baseline ?? value, row.unit);
  const scaled = (one: number) => one / scale.size;
  const place = dataset === undefined ? '' : `, dataset ${dataset}`;
  const values = [...history, value];
  const chart = mermaidChart({
    title: row.title + place,
    unit: scale.name,
    values: values.map(scaled),
    limits: limitsOf(row).map((limit) => Number(scaled(limit).toPrecision(5))),
    lastName: 'this PR',
  });
  if (chart === '') return '';
  const runs = `${counted(history.length, 'run')} of main, then this PR`;
  return details(
    `${htmlWords(row.title, 80)}${place}, last ${runs}: <code>${sparkline(values)}</code>`,
    chart,
    open,
  );
}

/** Where the value would be judged otherwise. */
function limitsOf({ baseline, limitPercent }: MetricRow): number[] {
  if (baseline === undefined || limitPercent === undefined || baseline === 0) return [];
  const distance = (Math.abs(baseline) * limitPercent) / 100;
  return [baseline + distance, baseline - distance];
}
