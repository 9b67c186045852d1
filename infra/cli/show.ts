/** Formats results for people: findings with their remedies, plain tables, ages. */
import type { Finding } from '../../lib/finding.ts';
import { stripVTControlCharacters } from 'node:util';

export function isError({ ok, severity }: Finding): boolean {
  return !ok && severity !== 'warning';
}

/** `✓ subject message`, `✗ … → remedy`; a warning is `!`. */
export function showFindings(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const mark = finding.ok ? '✓' : isError(finding) ? '✗' : '!';
      const line = `  ${mark} ${finding.subject}: ${finding.message}`;
      return plain(finding.ok || finding.remedy === undefined ? line : `${line}\n      → ${finding.remedy}`);
    })
    .join('\n');
}

export function showTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) =>
      widths
        .map((width, column) => (row[column] ?? '').padEnd(width))
        .join('  ')
        .trimEnd(),
    )
    .map(plain)
    .join('\n');
}

export function showAge(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** What comes from outside must not steer the terminal. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
