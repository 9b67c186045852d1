/** Reads the small part of mermaid's `xychart-beta` that reports use. https://mermaid.js.org/syntax/xyChart.html */

export interface XyChart {
  readonly title: string | undefined;
  readonly xTitle: string | undefined;
  readonly categories: readonly string[];
  readonly yTitle: string | undefined;
  readonly yMin: number;
  readonly yMax: number;
  readonly series: readonly { readonly kind: 'line' | 'bar'; readonly values: readonly number[] }[];
  /** Colours of the series by the `init` directive; equal ones look equal. */
  readonly palette?: readonly string[];
}

/** mermaid's own limit for one diagram. */
const MAX_CHARACTERS = 50_000;
const TEXT = String.raw`(?:"([^"]*)"|([A-Za-z][\w-]*))`;
const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)`;
const TITLE = new RegExp(`^title\\s+${TEXT}$`);
const X_AXIS = new RegExp(`^x-axis\\s+(?:${TEXT}\\s+)?\\[(.+)\\]$`);
const X_RANGE = new RegExp(`^x-axis\\s+(?:${TEXT}\\s+)?(${NUMBER})\\s*-->\\s*(${NUMBER})$`);
const Y_AXIS = new RegExp(`^y-axis(?:\\s+${TEXT})?(?:\\s+(${NUMBER})\\s*-->\\s*(${NUMBER}))?$`);
const SERIES = new RegExp(`^(line|bar)\\s+(?:${TEXT}\\s+)?\\[(.+)\\]$`);

/** Undefined for what it does not know or what mermaid would refuse: then the source is shown. */
export function parseXyChart(source: string): XyChart | undefined {
  if (source.length > MAX_CHARACTERS) return undefined;
  const [first, ...lines] = source
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !isRemark(line));
  if (first !== 'xychart-beta' && first !== 'xychart') return undefined;
  const draft: Draft = { title: undefined, x: undefined, y: undefined, series: [] };
  const chart = lines.every((line) => readLine(draft, line)) ? finish(draft) : undefined;
  const palette = /^\s*%%\{init:.*"plotColorPalette":\s*"([^"]*)"/m.exec(source)?.[1];
  return chart && palette !== undefined ? { ...chart, palette: palette.split(/\s*,\s*/) } : chart;
}

/** A comment, or a directive: it sets colours, and this drawing has its own. */
function isRemark(line: string): boolean {
  return /^%%(?!\{)/.test(line) || /^%%\{init:.*\}%%$/.test(line);
}

interface Draft {
  title: string | undefined;
  x:
    | { readonly title: string | undefined; readonly categories: string[] }
    | { readonly title: string | undefined; readonly from: number; readonly to: number }
    | undefined;
  y:
    | {
        readonly title: string | undefined;
        readonly min: number | undefined;
        readonly max: number | undefined;
      }
    | undefined;
  readonly series: { readonly kind: 'line' | 'bar'; readonly values: number[] }[];
}

function readLine(draft: Draft, line: string): boolean {
  const title = TITLE.exec(line);
  if (title) {
    draft.title = title[1] ?? title[2];
    return true;
  }
  const x = X_AXIS.exec(line);
  if (x) {
    const categories = listOf(x[3] ?? '');
    draft.x = { title: x[1] ?? x[2], categories };
    return categories.length > 0;
  }
  const range = X_RANGE.exec(line);
  if (range) {
    draft.x = { title: range[1] ?? range[2], from: Number(range[3]), to: Number(range[4]) };
    return true;
  }
  const y = Y_AXIS.exec(line);
  if (y) {
    draft.y = { title: y[1] ?? y[2], min: numberOrNone(y[3]), max: numberOrNone(y[4]) };
    return true;
  }
  const series = SERIES.exec(line);
  if (!series) return false;
  const items = listOf(series[4] ?? '');
  draft.series.push({ kind: series[1] === 'bar' ? 'bar' : 'line', values: items.map(Number) });
  return items.length > 0 && items.every((item) => new RegExp(`^${NUMBER}$`).test(item));
}

function finish(draft: Draft): XyChart | undefined {
  const values = draft.series.flatMap((series) => series.values);
  if (!draft.x || values.length === 0) return undefined;
  const yMin = draft.y?.min ?? Math.min(...values);
  const yMax = draft.y?.max ?? Math.max(...values);
  return {
    title: draft.title,
    xTitle: draft.x.title,
    categories: 'categories' in draft.x ? draft.x.categories : spread(draft.x, draft.series),
    yTitle: draft.y?.title,
    yMin: Math.min(yMin, yMax),
    yMax: yMax === yMin ? yMin + 1 : Math.max(yMin, yMax),
    series: draft.series,
  };
}

/** An axis of numbers: the values stand at equal distances from one end to the other. */
function spread(
  { from, to }: { readonly from: number; readonly to: number },
  series: readonly { readonly values: readonly number[] }[],
): string[] {
  const count = Math.max(...series.map(({ values }) => values.length));
  const step = count > 1 ? (to - from) / (count - 1) : 0;
  return Array.from({ length: count }, (_, index) => String(Number((from + index * step).toPrecision(6))));
}

/** Items between commas, quoted or not. */
function listOf(text: string): string[] {
  const items = [...text.matchAll(/\s*(?:"([^"]*)"|([^",]+?))\s*(?:,|$)/g)];
  return items.map((item) => item[1] ?? item[2] ?? '');
}

function numberOrNone(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
