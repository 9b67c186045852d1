/** Reading and drawing the charts of reports. */
import { expect, test } from '@jest/globals';
import { drawXyChart } from '../../../../../infra/local/page/markdown/draw-xychart.ts';
import { parseXyChart } from '../../../../../infra/local/page/markdown/xychart.ts';

const CHART = `xychart-beta
  %% a remark
  title "Throughput, k req/s"
  x-axis ["-2", now, "the PR"]
  y-axis "k req/s" 36 --> 44
  line [40, 42, 38]
  line "limit" [40.5, 40.5, 40.5]
  bar [1, 2, 3]`;

test('reads title, axes and series', () => {
  expect(parseXyChart(CHART)).toEqual({
    title: 'Throughput, k req/s',
    xTitle: undefined,
    categories: ['-2', 'now', 'the PR'],
    yTitle: 'k req/s',
    yMin: 36,
    yMax: 44,
    series: [
      { kind: 'line', values: [40, 42, 38] },
      { kind: 'line', values: [40.5, 40.5, 40.5] },
      { kind: 'bar', values: [1, 2, 3] },
    ],
  });
});

test('takes the range from the values when none is given', () => {
  expect(parseXyChart('xychart-beta\nx-axis [a]\nline [5]')).toMatchObject({ yMin: 5, yMax: 6 });
  expect(parseXyChart('xychart-beta\nx-axis [a, b]\nbar [-1, 3.5]')).toMatchObject({ yMin: -1, yMax: 3.5 });
});

test.each([
  ['a gap', 'xychart-beta\nx-axis [a, b]\nline [1, null]'],
  ['no series', 'xychart-beta\nx-axis [a]'],
  ['an unknown line', 'xychart-beta\nx-axis [a]\nline [1]\nlegend on'],
  ['another diagram', 'pie\n"a": 1'],
  ['too many characters', `xychart-beta\nx-axis [a]\nline [1]\n%%${'x'.repeat(50_000)}`],
])('refuses %s', (_, source) => {
  expect(parseXyChart(source)).toBeUndefined();
});

test('draws higher values higher, and keeps what is outside of the range at its edge', () => {
  const chart = parseXyChart('xychart-beta\nx-axis [a, b, c]\ny-axis 0 --> 10\nline [0, 10, 99]');
  const { text } = drawXyChart(chart as NonNullable<typeof chart>);
  const [, points = ''] = /points="([^"]+)"/.exec(text) ?? [];
  const [low, high, outside] = points.split(' ').map((point) => point.split(',').map(Number)) as [
    number,
    number,
  ][];
  expect(low?.[1]).toBeGreaterThan(high?.[1] ?? Infinity);
  expect(outside?.[1]).toBe(high?.[1]);
  expect(low?.[0]).toBeLessThan(high?.[0] ?? 0);
});

test('writes round numbers at the axis and names at most sixteen categories', () => {
  const names = Array.from({ length: 40 }, (_, index) => `r${index}`).join(', ');
  const values = Array.from({ length: 40 }, (_, index) => index).join(', ');
  const chart = parseXyChart(`xychart-beta\nx-axis [${names}]\ny-axis 0 --> 0.5\nline [${values}]`);
  const { text } = drawXyChart(chart as NonNullable<typeof chart>);
  const ticks = [...text.matchAll(/class="y-label"[^>]*>\s*([\d.]+)/g)].map(([, tick]) => tick);
  expect(ticks).toEqual(['0', '0.1', '0.2', '0.3', '0.4', '0.5']);
  const labels = [...text.matchAll(/class="x-label"[^>]*>\s*(r\d+)/g)].map(([, label]) => label);
  expect(labels.length).toBeLessThanOrEqual(16);
  expect(labels.at(-1)).toBe('r39');
});
