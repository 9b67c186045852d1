/** Keeps an open page up to date by a script that asks each second whether something changed, and swaps only that. Without scripts, reload. */

export const LIVE_SCRIPT = `
const same = (a, b) => a.dataset.version === b.dataset.version;
const openIn = (part) => [...part.querySelectorAll('details')].map((one) => one.open);
function replace(old, fresh) {
  const open = openIn(old);
  old.replaceWith(fresh);
  [...fresh.querySelectorAll('details')].forEach((one, index) => { if (open[index]) one.open = true; });
}
function swap(text) {
  // Without the head: its style would be parsed under this page's policy and refused aloud.
  const fresh = new DOMParser().parseFromString(text.slice(text.indexOf('<body')), 'text/html');
  const parts = [...fresh.querySelectorAll('[data-live]')];
  const keys = new Set(parts.map((part) => part.dataset.live));
  for (const old of document.querySelectorAll('[data-live]')) if (!keys.has(old.dataset.live)) old.remove();
  let before = null;
  for (const part of parts) {
    const old = document.querySelector('[data-live="' + CSS.escape(part.dataset.live) + '"]');
    const list = part.closest('[data-list]') && document.querySelector('[data-list]');
    const node = document.importNode(part, true);
    if (old && !same(old, part)) replace(old, node);
    else if (!old && list) before?.parentElement === list ? before.after(node) : list.prepend(node);
    before = document.querySelector('[data-live="' + CSS.escape(part.dataset.live) + '"]');
  }
  document.body.dataset.version = fresh.body.dataset.version ?? '';
  ages();
}
function ages() {
  const say = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const steps = [[60, 'second', 1], [3600, 'minute', 60], [86400, 'hour', 3600], [Infinity, 'day', 86400]];
  for (const time of document.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime), seconds = (at - Date.now()) / 1000;
    const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit);
    time.title = at.toLocaleString();
    time.textContent = Math.abs(seconds) < 5 ? 'now' : say.format(Math.round(seconds / size), unit);
  }
}
async function look() {
  try {
    const answer = await fetch(document.body.dataset.versionUrl);
    const { version } = await answer.json();
    if (version !== document.body.dataset.version) swap(await (await fetch(location.pathname)).text());
    document.body.classList.remove('offline');
  } catch { document.body.classList.add('offline'); }
  ages();
  setTimeout(look, 1000);
}
addEventListener('submit', async (event) => {
  const form = event.target, button = event.submitter;
  if (form.id !== 'act') return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, button));
  const to = button?.getAttribute('formaction') ?? form.getAttribute('action');
  const answer = await fetch(to, { method: 'POST', body });
  const text = await answer.text();
  if (!answer.ok) return alert(new DOMParser().parseFromString(text, 'text/html').querySelector('.refusal')?.textContent ?? 'That did not work.');
  if (to.endsWith('/comments')) form.elements.body.value = '';
  if (to.endsWith('/label')) form.elements['new-label'].value = '';
  swap(text);
});
look();
`;
