/** The rows of a report as tables: what changed in sight, what did not folded away, a budget kept. */
import { code, details, shorten, table, words } from './markdown.ts';
import { formatPercent, formatValue } from './numbers.ts';
import type { MetricRow, Report } from './report.ts';
import { betterWord, worseWord } from './verdict-words.ts';

const COLUMNS = [
  { title: 'Metric', align: 'left' },
  { title: 'Baseline', align: 'right' },
  { title: 'This PR', align: 'right' },
  { title: 'Change', align: 'right' },
  { title: 'Limit', align: 'right' },
  { title: 'Verdict', align: 'left' },
] as const;

export interface Tables {
  readonly markdown: string;
  /** How many rows had no room. */
  readonly leftOut: number;
}

/** All rows of a report within about `maxChars`; what has no room is counted, never dropped silently. */
export function metricTables(report: Report, maxChars: number): Tables {
  const changed = report.rows.filter(({ verdict }) => verdict !== 'same' && verdict !== 'info');
  const same = report.rows.filter(({ verdict }) => verdict === 'same');
  const info = report.rows.filter(({ verdict }) => verdict === 'info');
  const budget = { left: maxChars };
  const seen = fit(changed, budget, compareRow);
  const sameSeen = fit(same, budget, compareRow);
  const infoSeen = fit(info, budget, infoRow);
  const parts = [
    seen.length > 0 ? table(COLUMNS, seen) : '',
    sameSeen.length > 0
      ? details(
          `${same.length} unchanged metric${same.length === 1 ? '' : 's'}`,
          table(COLUMNS, sameSeen),
          changed.length === 0 && same.length <= 8,
        )
      : '',
    infoSeen.length > 0
      ? details(
          `${info.length} more value${info.length === 1 ? '' : 's'} of the view`,
          table(
            [
              { title: 'Value', align: 'left' },
              { title: 'This PR', align: 'right' },
            ],
            infoSeen,
          ),
          changed.length + same.length === 0,
        )
      : '',
  ];
  const leftOut = report.rows.length - seen.length - sameSeen.length - infoSeen.length + report.omittedRows;
  return { markdown: parts.filter((part) => part !== '').join('\n\n'), leftOut };
}

function fit(
  rows: readonly MetricRow[],
  budget: { left: number },
  render: (row: MetricRow) => readonly string[],
): (readonly string[])[] {
  const fitting: (readonly string[])[] = [];
  for (const row of rows) {
    const cells = render(row);
    const size = cells.join(' | ').length + 6;
    if (size > budget.left) break;
    budget.left -= size;
    fitting.push(cells);
  }
  return fitting;
}

function compareRow(row: MetricRow): readonly string[] {
  const strong = row.verdict === 'worse' ? (text: string) => `**${text}**` : (text: string) => text;
  return [
    strong(nameOf(row)),
    row.baseline === undefined ? '' : formatValue(row.baseline, row.unit),
    valueOf(row),
    row.changePercent === undefined ? 'n/a' : strong(formatPercent(row.changePercent)),
    row.limitPercent === undefined ? '' : `±${formatPercent(row.limitPercent).replace(/^\+/, '')}`,
    verdictCell(row),
  ];
}

function infoRow(row: MetricRow): readonly string[] {
  return [nameOf(row), valueOf(row)];
}

function nameOf(row: MetricRow): string {
  const better =
    row.direction === undefined || row.verdict === 'info'
      ? ''
      : row.direction === 'lower'
        ? ' ↓ better'
        : ' ↑ better';
  const dataset = row.dataset === undefined ? '' : ` · dataset ${row.dataset}`;
  return `${words(row.title, 80)}${better}${dataset}`;
}

function valueOf(row: MetricRow): string {
  if (row.value !== undefined) return formatValue(row.value, row.unit);
  return row.text === undefined ? '' : code(row.text, 80);
}

function verdictCell(row: MetricRow): string {
  const acknowledged = row.acknowledged
    ? ` (accepted by ${words(row.acknowledged.by)}: ${words(shorten(row.acknowledged.reason, 80))})`
    : '';
  const differs = row.horreumSays === undefined ? '' : ` (Horreum: ${row.horreumSays})`;
  const shownOnly = row.policy === 'info' && row.verdict !== 'info' ? ' · only shown' : '';
  switch (row.verdict) {
    case 'worse':
      return `${row.acknowledged ? '🟠' : '🔴'} ${worseWord(row)}${acknowledged}${differs}${shownOnly}`;
    case 'better':
      return `🟢 ${betterWord(row)}${differs}${shownOnly}`;
    case 'changed':
      return `🟡 changed${differs}${shownOnly}`;
    case 'same':
      return `unchanged${differs}`;
    case 'cannot-tell':
      return `⚪ cannot tell${row.why === undefined ? '' : `: ${words(row.why, 160)}`}${differs}`;
    case 'info':
      return '';
  }
}
