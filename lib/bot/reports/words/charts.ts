/** Draws a metric over time: a text sparkline that mail can show, and a mermaid chart that GitHub draws, with its limits. */
import type { MetricRow, Report } from '../../record/report.ts';
import { codeBlock, details, htmlWords } from '../../text/markdown.ts';
import { counted, scaleOf } from '../../text/numbers.ts';
import { eachOnceFirst, isJudged } from '../summarize.ts';

const BARS = '▁▂▃▄▅▆▇█';
const MOST_POINTS = 31;
/** Mermaid reads no exponents, so that nothing beyond can be written. */
const LARGEST = 1e15;
const SMALLEST = 1e-9;

/** One bar a value, lowest to highest; equal values are drawn in the middle. */
export function sparkline(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  return finite
    .map((value) => (span === 0 ? BARS[3] : BARS[Math.round(((value - low) / span) * (BARS.length - 1))]))
    .join('');
}

export interface ChartInput {
  /** Any text; what the chart language would act on is taken out. */
  readonly title: string;
  readonly unit?: string;
  /** Oldest first; the last is the one that the chart is about. */
  readonly values: readonly number[];
  /** Flat lines. */
  readonly limits: readonly number[];
  readonly lastName: string;
}

/** Mermaid's own first colour can hardly be seen on white; these stand out on light and dark. The values first, then the limits. */
const COLOURS = '#3b82f6, #e5534b, #e5534b';

/** Mermaid's xychart has no legend, no markers and no gaps, so limits are lines of their own and the title names them. https://mermaid.js.org/syntax/xyChart.html */
export function mermaidChart({ title, unit = '', values, limits, lastName }: ChartInput): string {
  const shown = values.filter(Number.isFinite).slice(-MOST_POINTS);
  const flat = limits.filter(Number.isFinite);
  const all = [...shown, ...flat];
  const largest = Math.max(...all.map(Math.abs));
  if (shown.length < 2 || largest > LARGEST || (largest !== 0 && largest < SMALLEST)) return '';
  const low = Math.min(...all);
  const high = Math.max(...all);
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  const heading = `${plain(title)} (${flat.length > 0 ? 'red: limits, ' : ''}0: ${plain(lastName)})`;
  const unitName = plain(unit);
  const lines = [
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${COLOURS}"}}}}%%`,
    'xychart-beta',
    `  title "${heading}"`,
    // An axis of numbers: mermaid would write every name of a list, and take blank ones for the same place.
    `  x-axis ${1 - shown.length} --> 0`,
    `  y-axis ${unitName === '' ? '' : `"${unitName}" `}${number(low - margin)} --> ${number(high + margin)}`,
    `  line [${shown.map(number).join(', ')}]`,
    ...flat.map((limit) => `  line [${shown.map(() => number(limit)).join(', ')}]`),
  ];
  return codeBlock(lines.join('\n'), 'mermaid');
}

function plain(text: string): string {
  return text
    .replace(/[^\p{L}\p{N} .,:/()%+-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80);
}

function number(value: number): string {
  const text = String(Number(value.toPrecision(7)));
  return text.includes('e') ? value.toFixed(Math.abs(value) < 1 ? 12 : 0) : text;
}

const MOST_CHARTS = 6;

/** `firstOpen`: the first one is there to be seen at once. */
export function metricCharts(report: Report, firstOpen: boolean): string {
  const drawn = eachOnceFirst(report.rows.filter(isDrawn)).slice(0, MOST_CHARTS);
  return drawn
    .map((row, index) => chartOf(row, firstOpen && index === 0))
    .filter((chart) => chart !== '')
    .join('\n\n');
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
