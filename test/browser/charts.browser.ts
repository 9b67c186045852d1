/** Every chart that the gallery makes, and the most hostile ones, drawn by the real mermaid in light and dark. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { galleryAnswers } from '../../infra/local/page/gallery/gallery-answers.ts';
import { checksOf, commentOf } from '../../infra/local/page/gallery/gallery-page.ts';
import { galleryStates } from '../../infra/local/page/gallery/gallery-states.ts';
import { HOSTILE_TEXTS } from '../../infra/local/page/gallery/hostile-runs.ts';
import { mermaidChart } from '../../lib/bot/reports/words/charts.ts';
import { openBrowser } from './open-browser.ts';
import { drawChart, mermaidPage, type Drawn } from './real-mermaid.ts';

const chartsIn = (markdown: string): string[] =>
  [...markdown.matchAll(/^`{3,}mermaid\n([\s\S]*?)\n`{3,}$/gm)].map(([, source = '']) => source);

const shown = galleryStates().flatMap((state) => [
  commentOf(state),
  ...checksOf(state).map(({ summary }) => summary),
]);
const gallery = [
  ...new Set([...shown, ...(await galleryAnswers()).map(({ markdown }) => markdown)].flatMap(chartsIn)),
];
const extremes = [
  ...HOSTILE_TEXTS.map((text) =>
    mermaidChart({ title: text, unit: text, values: [1, 2, 3], limits: [2], lastName: text }),
  ),
  ...[
    [1e-9, 2e-9, 3e-9],
    [1e14, 2e14, 1.5e14],
    [-5, 0, 5],
    [0, 0, 0],
    Array.from({ length: 200 }, (_, index) => Math.sin(index)),
  ].map((values) => mermaidChart({ title: 'extreme', values, limits: [values[0] ?? 0], lastName: 'x' })),
].flatMap(chartsIn);

await test('the real mermaid draws', async (context) => {
  const browser = await openBrowser();
  context.after(() => browser.close());
  for (const theme of ['light', 'dark'] as const) {
    const page = await mermaidPage(browser, theme);
    await context.test(`${gallery.length} charts of the gallery, ${theme}`, async () => {
      assert.ok(gallery.length > 10);
      for (const source of gallery) check(source, await drawChart(page, source, theme));
    });
    await context.test(`${extremes.length} extremes, ${theme}`, async () => {
      assert.ok(extremes.length >= HOSTILE_TEXTS.length);
      for (const source of extremes) check(source, await drawChart(page, source, theme));
    });
  }
});

/** All lines are there, whole, from left to right, in the colours of the source, and no two names touch. */
function check(source: string, drawn: Drawn): void {
  assert.equal(drawn.error, undefined, `${drawn.error}\n${source}`);
  const series = [...source.matchAll(/^\s*line \[(.*)\]$/gm)].map(
    ([, values = '']) => values.split(',').length,
  );
  const [, palette = ''] = /plotColorPalette": "([^"]*)"/.exec(source) ?? [];
  assert.deepEqual(
    drawn.lines.map(({ xs }) => xs.length),
    series,
    source,
  );
  assert.deepEqual(
    drawn.lines.map(({ colour }) => colour),
    palette.split(', ').slice(0, series.length),
  );
  for (const { xs } of drawn.lines)
    assert.ok(
      xs.every((x, index) => index === 0 || x > (xs[index - 1] ?? Infinity)),
      `the points do not run from left to right: ${xs.join()}\n${source}`,
    );
  assert.ok(drawn.title.length > 0, source);
  const labels = [...drawn.labels].sort((one, other) => one.left - other.left);
  assert.equal(labels.at(-1)?.text, '0');
  for (const [index, label] of labels.entries()) {
    const next = labels[index + 1];
    assert.ok(!next || label.right <= next.left, `${label.text} runs into ${next?.text}\n${source}`);
  }
}
