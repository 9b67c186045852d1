/** A metric over time: a text sparkline that mail can show, and a mermaid chart that GitHub draws. */
import { codeBlock } from '../text/markdown.ts';

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
