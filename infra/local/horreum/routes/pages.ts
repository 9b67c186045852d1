/** Shows two bare pages in place of Horreum's own, so that the bot's links lead somewhere; each says what it is. */
import { datasetsOfRun, type Run, type Store } from '../store/store.ts';

/** The page for `/`, `/run/57` or `/test/10`; undefined for every other path. */
export function pageFor(store: Store, path: string): string | undefined {
  const [, kind, id] = /^\/(run|test)\/(\d+)$/.exec(path) ?? [];
  if (kind === 'run') {
    const run = store.runs.get(Number(id));
    return document(`Run ${id}`, run ? runTable(store, run) : '<p>There is no such run.</p>');
  }
  if (kind === 'test')
    return document(
      `Test ${id}`,
      runList([...store.runs.values()].filter((run) => run.testId === Number(id))),
    );
  return path === '/' ? document('Runs', runList([...store.runs.values()])) : undefined;
}

function runList(runs: readonly Run[]): string {
  const items = [...runs]
    .reverse()
    .map(
      ({ id, startMs }) => `<li><a href="/run/${id}">Run ${id}</a> ${new Date(startMs).toISOString()}</li>`,
    );
  return `<ul>${items.join('')}</ul>`;
}

function runTable(store: Store, run: Run): string {
  return datasetsOfRun(store, run.id)
    .map((dataset) => {
      const rows = [...(dataset.labels ?? [])].map(
        ([name, value]) =>
          `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(JSON.stringify(value))}</td></tr>`,
      );
      return `<h2>Dataset ${dataset.ordinal}</h2><table>${rows.join('')}</table>`;
    })
    .join('');
}

function document(title: string, content: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title} – Horreum stand-in</title>
<style>body{font:16px system-ui;margin:2rem;color-scheme:light dark}td{padding:.1rem 1rem .1rem 0}</style>
<p><strong>Horreum stand-in.</strong> Not a Horreum: it keeps what was uploaded in memory until it stops.</p>
<h1>${title}</h1>${content}</html>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
