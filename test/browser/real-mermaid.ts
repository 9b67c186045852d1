/** Draws charts with the real mermaid on a page of the real browser. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from './open-browser.ts';

export interface Drawn {
  readonly error?: string;
  /** Lines of the plot, each as its colour and where its points stand. */
  readonly lines: readonly { readonly colour: string; readonly xs: readonly number[] }[];
  readonly title: string;
  /** What is written below the x-axis, with the room that it takes. */
  readonly labels: readonly { readonly text: string; readonly left: number; readonly right: number }[];
}

const MERMAID = fileURLToPath(new URL('./node_modules/mermaid/dist/mermaid.min.js', import.meta.url));

export type Theme = 'light' | 'dark';

/** A page with GitHub's background and mermaid set up as GitHub's viewer has it: strict, in the reader's theme. */
export async function mermaidPage(browser: Browser, theme: Theme): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 900, height: 700 }, colorScheme: theme });
  const background = theme === 'dark' ? '#0d1117' : '#ffffff';
  await page.setContent(`<body style="margin:0;background:${background}"><div id="chart"></div></body>`);
  await page.addScriptTag({ path: MERMAID });
  return page;
}

export async function drawChart(page: Page, source: string, theme: Theme): Promise<Drawn> {
  return page.evaluate(
    async ({ source, theme }) => {
      interface Part {
        getAttribute(name: string): string | null;
        textContent: string | null;
        getBoundingClientRect(): { left: number; right: number };
      }
      const { mermaid, document } = globalThis as unknown as {
        mermaid: {
          initialize(options: object): void;
          render(id: string, text: string): Promise<{ svg: string }>;
        };
        document: {
          getElementById(id: string): {
            innerHTML: string;
            querySelectorAll(selector: string): Iterable<Part>;
          };
        };
      };
      mermaid.initialize({
        startOnLoad: false,
        securityLevel: 'strict',
        theme: theme === 'dark' ? 'dark' : 'default',
      });
      const place = document.getElementById('chart');
      try {
        place.innerHTML = (await mermaid.render('drawn', source)).svg;
      } catch (error) {
        return { error: String(error), lines: [], title: '', labels: [] };
      }
      const all = (selector: string) => [...place.querySelectorAll(selector)];
      return {
        lines: all('g.plot path').map((path) => ({
          colour: path.getAttribute('stroke') ?? '',
          xs: [...(path.getAttribute('d') ?? '').matchAll(/[ML]([-\d.]+)/g)].map(([, x]) => Number(x)),
        })),
        title: all('.chart-title text')[0]?.textContent ?? '',
        labels: all('.bottom-axis .label text').map((label) => {
          const { left, right } = label.getBoundingClientRect();
          return { text: label.textContent ?? '', left, right };
        }),
      };
    },
    { source, theme },
  );
}
