/** The rows of a report as tables: what changed in sight, what did not folded away, a budget kept. */
import { code, details, shorten, table, words } from '../../text/markdown.ts';
import { counted, digitsFor, formatPercent, formatValue } from '../../text/numbers.ts';
import type { MetricRow, Report } from '../../record/report.ts';
import { isJudged } from '../summarize.ts';
import { betterWord, verdictWord, worseWord } from './metric-words.ts';

/** So few rows are shown at once even when nothing changed. */
const FEW_ROWS = 8;

export interface Tables {
  readonly markdown: string;
  /** How many rows had no room. */
  readonly leftOut: number;
}

export interface TableOptions {
  /** Nothing changed and nobody asked for the numbers: all of them in one fold. */
  readonly allInOneFold?: boolean;
  /** What stands above the two values, where it is not a pull request against its base. */
  readonly baseTitle?: string;
  readonly valueTitle?: string;
}

/** All rows of a report within about `maxBytes`; what has no room is counted, never dropped silently. */
export function metricTables(report: Report, maxBytes: number, options: TableOptions = {}): Tables {
  const judged = report.rows.filter(isJudged);
  const changed = judged.filter(({ verdict }) => verdict !== 'same');
  const same = judged.filter(({ verdict }) => verdict === 'same');
  const others = report.rows.filter((row) => !isJudged(row));
  const compared = others.filter(({ verdict }) => verdict !== 'info');
  const info = others.filter(({ verdict }) => verdict === 'info');
  const budget = { left: maxBytes };
  const { compareColumns: columns, shownColumns } = columnsOf(report, options);
  const allSeen = options.allInOneFold ? fit(judged, budget, compareRow) : [];
  const seen = options.allInOneFold ? [] : fit(changed, budget, compareRow);
  const sameSeen = options.allInOneFold ? [] : fit(same, budget, compareRow);
  const comparedSeen = fit(compared, budget, compareRow);
  const infoSeen = fit(info, budget, infoRow);
  const alone = changed.length === 0 && !options.allInOneFold;
  const parts = [
    allSeen.length > 0 ? details(`All ${counted(judged.length, 'metric')}`, table(columns, allSeen)) : '',
    seen.length > 0 ? table(columns, seen) : '',
    sameSeen.length > 0
      ? details(
          `${counted(same.length, 'unchanged metric')}`,
          table(columns, sameSeen),
          alone && same.length <= FEW_ROWS,
        )
      : '',
    comparedSeen.length > 0
      ? details(`${counted(compared.length, 'metric')} only for information`, table(columns, comparedSeen))
      : '',
    infoSeen.length > 0
      ? details(
          `${counted(info.length, 'more value')} of the upload`,
          table(shownColumns, infoSeen),
          judged.length + compared.length === 0,
        )
      : '',
  ];
  const rendered = [allSeen, seen, sameSeen, comparedSeen, infoSeen].reduce(
    (sum, rows) => sum + rows.length,
    0,
  );
  return {
    markdown: parts.filter((part) => part !== '').join('\n\n'),
    leftOut: report.rows.length - rendered + report.omittedRows,
  };
}

function columnsOf(report: Report, { baseTitle = 'Base', valueTitle = 'This PR' }: TableOptions) {
  const intervals = report.rows.some(({ interval }) => interval !== undefined);
  const value = { title: valueTitle, align: 'right' } as const;
  return {
    compareColumns: [
      { title: 'Metric', align: 'left' },
      { title: baseTitle, align: 'right' },
      value,
      { title: intervals ? 'Change (95% interval)' : 'Change', align: 'right' },
      { title: 'Limit', align: 'right' },
      { title: 'Verdict', align: 'left' },
    ],
    shownColumns: [{ title: 'Value', align: 'left' }, value],
  } as const;
}

function fit(
  rows: readonly MetricRow[],
  budget: { left: number },
  render: (row: MetricRow) => readonly string[],
): (readonly string[])[] {
  const fitting: (readonly string[])[] = [];
  for (const row of rows) {
    const cells = render(row);
    const size = Buffer.byteLength(cells.join(' | ')) + 6;
    if (size > budget.left) break;
    budget.left -= size;
    fitting.push(cells);
  }
  return fitting;
}

function compareRow(row: MetricRow): readonly string[] {
  const strong =
    row.verdict === 'worse' && isJudged(row) ? (text: string) => `**${text}**` : (text: string) => text;
  return [
    iconOf(row) + strong(words(row.title, 80)) + asideOf(row),
    row.baseline === undefined
      ? ''
      : unbroken(formatValue(row.baseline, row.unit, digitsFor(row.baseline, row.spread))),
    valueOf(row),
    changeCell(row, strong),
    row.limitPercent === undefined ? '' : `±${unsigned(row.limitPercent)}`,
    verdictCell(row),
  ];
}

function infoRow(row: MetricRow): readonly string[] {
  return [words(row.title, 80) + asideOf(row), valueOf(row)];
}

/** At the front, where a narrow screen shows it; the word stands in the last column. */
function iconOf(row: MetricRow): string {
  if (!isJudged(row)) return '';
  const icons = {
    worse: row.acknowledged || row.policy === 'warn' ? '🟠' : '🔴',
    better: '🟢',
    changed: '🟡',
    'cannot-tell': '⚪',
    same: '',
    info: '',
  };
  const icon = icons[row.verdict];
  // Never alone on a line of a narrow screen.
  return icon === '' ? '' : `${icon}\u00a0`;
}

/** A number and its unit stay on one line. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** Which way is good, and where the row comes from. */
function asideOf(row: MetricRow): string {
  const better =
    row.direction === undefined || row.verdict === 'info'
      ? ''
      : row.direction === 'lower'
        ? ' ↓\u00a0better'
        : ' ↑\u00a0better';
  const dataset = row.dataset === undefined ? '' : ` · dataset ${row.dataset}`;
  return better + dataset;
}

function valueOf(row: MetricRow): string {
  if (row.value === undefined) return row.text === undefined ? '' : code(row.text, 80);
  const several = row.samples === undefined ? '' : ` (${row.samples} runs)`;
  return unbroken(formatValue(row.value, row.unit, digitsFor(row.value, row.spread), row.baseline)) + several;
}

/** A base of zero has no percentage, but a difference. */
function changeCell(row: MetricRow, strong: (text: string) => string): string {
  const { changePercent, interval, baseline, value } = row;
  if (changePercent === undefined) {
    if (baseline === undefined || value === undefined || !Number.isFinite(value - baseline)) return 'n/a';
    const difference = value - baseline;
    const sign = difference === 0 ? '' : difference < 0 ? '−' : '+';
    return strong(unbroken(sign + formatValue(Math.abs(difference), row.unit, undefined, value)));
  }
  if (interval === undefined) return strong(formatPercent(changePercent));
  const [low, high] = interval.map(formatPercent);
  return `${strong(formatPercent(changePercent))} ${unbroken(`(${low} … ${high})`)}`;
}

export function unsigned(percent: number): string {
  return formatPercent(Math.abs(percent)).replace(/^\+/, '');
}

function verdictCell(row: MetricRow): string {
  const acknowledged = row.acknowledged
    ? ` (accepted by ${words(row.acknowledged.by)}: ${words(shorten(row.acknowledged.reason, 80))})`
    : '';
  const warns = row.policy === 'warn' && row.verdict === 'worse' ? ' · only warns' : '';
  const differs = row.horreumSays === undefined ? '' : ` · Horreum says ${horreumWord(row)}`;
  return row.verdict === 'info' ? '' : `${verdictWord(row)}${acknowledged}${warns}${differs}`;
}

function horreumWord(row: MetricRow): string {
  if (row.horreumSays === 'same') return 'unchanged';
  return row.horreumSays === 'worse' ? worseWord(row) : betterWord(row);
}
