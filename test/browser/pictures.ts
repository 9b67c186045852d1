/** Makes the pictures of the README from the gallery: `npm run pictures`. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveGallery } from './gallery-server.ts';
import { openBrowser } from './open-browser.ts';

const PICTURES = [
  { name: 'slower', state: 'slower', theme: 'light' },
  { name: 'slower-dark', state: 'slower', theme: 'dark' },
  { name: 'unchanged', state: 'unchanged', theme: 'light' },
  { name: 'cannot-tell', state: 'cannot-tell', theme: 'light' },
  { name: 'failed', state: 'failed-lab', theme: 'light' },
  { name: 'several-jobs', state: 'several-jobs', theme: 'light' },
] as const;

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });
const [browser, gallery] = await Promise.all([openBrowser(), serveGallery()]);
for (const { name, state, theme } of PICTURES) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 2600 }, colorScheme: theme });
  await page.goto(`${gallery.url}?theme=${theme}#${state}`);
  await page.locator(`#${state} article`).screenshot({ path: `${folder}${name}.png` });
  console.log(`docs/images/${name}.png`);
  await page.close();
}
await browser.close();
await gallery.close();
