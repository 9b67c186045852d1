/** The gallery in the real browser: every state is laid out whole, wide and on a phone, light and dark, and nothing is refused or runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { galleryStates } from '../../infra/local/page/gallery/gallery-states.ts';
import { serveGallery } from './gallery-server.ts';
import { openBrowser, type Browser } from './open-browser.ts';

interface Seen {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly headings: number;
  /** Elements that stick out of their card, beside what scrolls by itself. */
  readonly sticksOut: readonly string[];
  /** Charts of which the newest run, at the right, is out of sight until somebody scrolls. */
  readonly cutCharts: number;
}

await test('the gallery', async (context) => {
  const [browser, gallery] = await Promise.all([openBrowser(), serveGallery()]);
  context.after(async () => {
    await browser.close();
    await gallery.close();
  });
  for (const width of [1400, 390])
    for (const theme of ['light', 'dark'] as const)
      await context.test(`${width} pixels, ${theme}`, () => lookAt(browser, gallery.url, width, theme));
});

async function lookAt(browser: Browser, url: string, width: number, theme: 'light' | 'dark'): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: theme });
  const said: string[] = [];
  page.on('pageerror', ({ message }) => said.push(String(message)));
  page.on('console', (message) => said.push(message.text?.() ?? ''));
  await page.goto(url);
  const { pageWidth, background, states } = await page.evaluate(measure, undefined);
  assert.deepEqual(said, []);
  assert.ok(pageWidth <= width, `the page is ${pageWidth} pixels wide`);
  assert.equal(background, theme === 'dark' ? 'rgb(13, 17, 23)' : 'rgb(255, 255, 255)');
  const ids = galleryStates().map(({ id }) => id);
  assert.deepEqual(
    states.filter(({ id }) => ids.includes(id)).map(({ id }) => id),
    ids,
  );
  for (const { id, height, headings, sticksOut, cutCharts } of states) {
    assert.ok(height > 40 && headings > 0, `${id} is not drawn`);
    assert.deepEqual(sticksOut, [], id);
    assert.equal(cutCharts, 0, id);
  }
  await page.close();
}

/** Runs in the page. */
function measure(): { pageWidth: number; background: string; states: Seen[] } {
  interface Part {
    readonly id: string;
    readonly tagName: string;
    readonly className: string;
    readonly textContent: string;
    getBoundingClientRect(): { left: number; right: number; width: number; height: number };
    querySelectorAll(selector: string): Iterable<Part>;
    closest(selector: string): Part | null;
  }
  const page = globalThis as unknown as {
    document: {
      body: Part;
      documentElement: { scrollWidth: number };
      querySelectorAll(selector: string): Iterable<Part>;
    };
    getComputedStyle(part: Part): { backgroundColor: string };
  };
  const states = [...page.document.querySelectorAll('.gallery-state')].map((state) => {
    const { right, width, height } = state.getBoundingClientRect();
    const sticksOut = [...state.querySelectorAll('.markdown-body *')]
      .filter((part) => part.closest('table, pre, svg, .chart') === null)
      .filter((part) => part.getBoundingClientRect().right > right + 1)
      .map((part) => `${part.tagName} ${part.textContent.slice(0, 60)}`);
    const cutCharts = [...state.querySelectorAll('.chart')].filter((chart) =>
      [...chart.querySelectorAll('svg')].some(
        (svg) => svg.getBoundingClientRect().right > chart.getBoundingClientRect().right + 1,
      ),
    ).length;
    const headings = [...state.querySelectorAll('h3')].length;
    return { id: state.id, width, height, headings, sticksOut, cutCharts };
  });
  return {
    pageWidth: page.document.documentElement.scrollWidth,
    background: page.getComputedStyle(page.document.body).backgroundColor,
    states,
  };
}
