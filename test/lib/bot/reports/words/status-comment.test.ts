/** The one comment of a pull request: within GitHub's limit, safe with hostile names, and true to its rows. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Marked } from 'marked';
import { checkOfRun } from '../../../../../lib/bot/reports/words/check-of-run.ts';
import { mentionComment } from '../../../../../lib/bot/reports/words/mention.ts';
import type { MetricRow, MetricVerdict } from '../../../../../lib/bot/record/report.ts';
import { STATUS_MARKER, statusComment } from '../../../../../lib/bot/reports/words/status-comment.ts';
import { RUN_STATES, type JobRun } from '../../../../../lib/bot/record/job-run.ts';
import { aReport, aRow, aRun, CREATED_AT_MS, MINUTE_MS } from '../../a-run.ts';
import { runSaying } from './run-saying.ts';

const NOW_MS = CREATED_AT_MS + 30 * MINUTE_MS;
const GITHUBS_LIMIT = 65_536;
const draw = (runs: readonly JobRun[]): string =>
  statusComment(runs, {
    prompt: '/perf-bot',
    nowMs: NOW_MS,
    behindOf: () => ({ commits: 2 }),
    durationsOf: () => [60_000, 90_000],
  });
const html = (markdown: string): string => new Marked({ gfm: true }).parse(markdown, { async: false });

const EVIL = [
  ...[
    '@org/team',
    '@ana',
    '#12',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '--> <b>',
    '<!-- x',
  ],
  ...[
    '|',
    '\\|',
    '`',
    '```',
    '``` \n# x',
    '\n\n# heading\n\n',
    '[x](javascript:alert(1))',
    '![i](http://evil.test/i.png)',
  ],
  ...[
    'http://evil.test',
    'www.evil.test',
    '</details>',
    '</summary>',
    '</sub>',
    '> [!CAUTION]',
    '***',
    '$$x$$',
    '\u202eabc',
    '~~~',
  ],
];
const evil = fc
  .array(fc.constantFrom(...EVIL, ' ', 'rt'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
const verdicts: readonly MetricVerdict[] = ['worse', 'better', 'changed', 'same', 'cannot-tell', 'info'];

const anyRow: fc.Arbitrary<MetricRow> = fc
  .record({
    name: evil,
    title: evil,
    why: evil,
    text: evil,
    unit: fc.oneof(fc.constantFrom('ms', 'MB', '%'), evil),
    verdict: fc.constantFrom(...verdicts),
    policy: fc.constantFrom('gate' as const, 'warn' as const, 'info' as const),
    value: fc.option(fc.double(), { nil: undefined }),
    accepted: fc.option(evil),
  })
  .map(({ accepted, value, ...row }) =>
    aRow({
      ...row,
      ...(value === undefined ? {} : { value }),
      ...(accepted === null ? {} : { acknowledged: { by: accepted, reason: accepted } }),
    }),
  );

const anyRun: fc.Arbitrary<JobRun> = fc
  .record({
    state: fc.constantFrom(...RUN_STATES),
    text: evil,
    other: evil,
    rows: fc.array(anyRow, { maxLength: 6 }),
    found: fc.boolean(),
  })
  .map(({ state, found, other, ...said }) => {
    const labUrl = `https://lab.test/${other}`;
    const upload = found ? { runId: 5, url: 'https://h.test/(5)', waitingFor: 'labels' as const } : {};
    return runSaying({ ...said, other, labUrl, upload }, { state, endedAtMs: NOW_MS });
  });

const OWN_TAGS =
  /^<\/?(h3|p|table|thead|tbody|tr|t[hd]( align="\w+")?|details( open)?|summary|sub|code( class="language-(text|mermaid)")?|pre|strong|em|a( href="https?:[^"<>]*")?|blockquote|ul|ol|li|hr|br)>$/;

/** The comment's tags are the bot's own, its text mentions nobody, its links lead to the web. */
function expectSafe(markdown: string): void {
  const page = html(markdown).replace(/<!-- perf-bot:[\s\S]*?-->/g, '');
  for (const [tag] of page.matchAll(/<[^>]*>/g)) expect(tag).toMatch(OWN_TAGS);
  const text = page.replace(/<pre>[\s\S]*?<\/pre>|<code>[\s\S]*?<\/code>|<[^>]*>/g, ' ');
  expect(text).not.toMatch(/@\w|#\d|https?:\/\/|www\.\w/);
  for (const [table] of page.matchAll(/<table>[\s\S]*?<\/table>/g)) {
    const cells = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(
      ([, row = '']) => row.match(/<t[hd]/g)?.length,
    );
    expect(new Set(cells).size).toBe(1);
  }
  const opened = (tag: string) =>
    (page.match(new RegExp(`<${tag}\\b`, 'g')) ?? []).length -
    (page.match(new RegExp(`</${tag}>`, 'g')) ?? []).length;
  expect([opened('details'), opened('sub'), opened('table')]).toEqual([0, 0, 0]);
}

describe('with hostile names in every place', () => {
  test('the status comment shows them and does nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { minLength: 1, maxLength: 3 }), (runs) => {
        const body = draw(runs);
        expect(body.startsWith(STATUS_MARKER)).toBe(true);
        expectSafe(body);
      }),
      { numRuns: 250 },
    );
  });

  test('the check run too, within its limits', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const check = checkOfRun(run, undefined, { prompt: '/perf-bot', nowMs: NOW_MS, durationsMs: [] });
        expectSafe(check.summary);
        expectSafe(check.text ?? '');
        expect(check.title).not.toMatch(/[\n\r]/);
        for (const { label, description, identifier } of check.actions ?? []) {
          expect([label.length <= 20, description.length <= 40, identifier.length <= 20]).toEqual([
            true,
            true,
            true,
          ]);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the mention mentions only who asked, and only a name that can be one', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const people = [{ id: 1, login: 'ana-b' }, ...run.requestedBy, { id: 9, login: 'robot[bot]' }];
        const text = mentionComment(
          { ...run, requestedBy: people },
          'https://github.test/x#issuecomment-1',
          NOW_MS,
        );
        const visible = html(text).replace(/<!--[\s\S]*?-->|<code>[\s\S]*?<\/code>/g, '');
        const asked = people.filter(({ login }) => /^[\w-]+$/.test(login)).map(({ login }) => `@${login}`);
        expect(visible.match(/@\w[\w-]*/g)).toEqual(asked);
      }),
      { numRuns: 200 },
    );
  });
});

describe('however much there is to say', () => {
  const many = (count: number, more: Partial<MetricRow> = {}) =>
    Array.from({ length: count }, (_, index) =>
      aRow({
        name: `metric_${index}`,
        title: `A metric with a long title, number ${index}`,
        why: 'because '.repeat(20),
        ...more,
      }),
    );

  test.each<[string, JobRun[]]>([
    [
      '500 metrics of 8 datasets',
      [
        aRun({
          state: 'reported',
          report: aReport(
            Array.from({ length: 8 }, (_, dataset) => many(500, { dataset, verdict: 'worse' })).flat(),
          ),
        }),
      ],
    ],
    [
      '40 jobs with long logs',
      Array.from({ length: 40 }, (_, index) =>
        aRun({
          jobId: `job-${index}`,
          state: 'failed',
          failure: { looksLike: 'code', reason: 'x'.repeat(3000), logTail: 'y🏎\n'.repeat(5000) },
        }),
      ),
    ],
    [
      '40 jobs with 300 metrics',
      Array.from({ length: 40 }, (_, index) =>
        aRun({ jobId: `job-${index}`, state: 'reported', report: aReport(many(300)) }),
      ),
    ],
    [
      '200 earlier runs',
      Array.from({ length: 200 }, (_, index) => aRun({ runKey: `pb-${index}`, state: 'failed' })),
    ],
    [
      'names as long as they come',
      [
        aRun({
          jobId: '🏎'.repeat(50),
          arguments: Object.fromEntries(many(100).map(({ name }) => [name, 'v'.repeat(2000)])),
        }),
      ],
    ],
  ])('%s fit into the comment and the check run', (_name, runs) => {
    const body = draw(runs);
    expect(Buffer.byteLength(body)).toBeLessThan(GITHUBS_LIMIT * 2);
    expect(body.length).toBeLessThan(GITHUBS_LIMIT);
    expect(body).toContain('<!-- perf-bot:v1 ');
    expectSafe(body);
    for (const run of runs.slice(0, 2)) {
      const { summary, text = '' } = checkOfRun(run, undefined, {
        prompt: '/perf-bot',
        nowMs: NOW_MS,
        durationsMs: [],
      });
      expect(Buffer.byteLength(summary)).toBeLessThan(65_535);
      expect(Buffer.byteLength(text)).toBeLessThan(65_535);
    }
  });

  test('what has no room is counted', () => {
    const report = aReport(many(4000, { verdict: 'worse', changePercent: 9 }));
    expect(report.rows.length + report.omittedRows).toBe(4000);
    const body = draw([aRun({ state: 'reported', report })]);
    const shown = body.split('\n').filter((line) => /^\| .*A metric with a long title/.test(line)).length;
    expect(body).toContain(`${4000 - shown} more`);
  });
});

test('the counts of a report are those of its rows, and its verdict follows from them', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 30 }), (rows) => {
      const report = aReport(rows);
      const judged = rows.filter(({ verdict, policy }) => verdict !== 'info' && policy !== 'info');
      for (const verdict of verdicts.filter((one) => one !== 'info'))
        expect(report.counts[verdict]).toBe(judged.filter((row) => row.verdict === verdict).length);
      expect(report.counts.info).toBe(rows.length - judged.length);
      const open = judged.filter(({ verdict, acknowledged }) => verdict === 'worse' && !acknowledged);
      expect(report.verdict === 'slower').toBe(open.length > 0);
      expect(new Set(report.rows)).toEqual(new Set(rows));
      expect(report.rows).toHaveLength(rows.length);
    }),
  );
});
