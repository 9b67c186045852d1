/** Draws small icons, sixteen units wide, in the colour of their text. */
import { html, safeHtml, type Html } from './html.ts';

const DRAWINGS = {
  branch:
    '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="5.5" r="1.75"/><path d="M4 5.25v5.5M12 7.25c0 3-4.5 2.5-7.5 4"/>',
  pull: '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="12.5" r="1.75"/><path d="M4 5.25v5.5M12 10.75V6c0-1.5-.8-2.5-2.3-2.5H8m1.8-1.9L7.9 3.5l1.9 1.9"/>',
  merged:
    '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="8.5" r="1.75"/><path d="M4 5.25v5.5M4 5.25c.6 2 3 3.25 6.25 3.25"/>',
  closed:
    '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="12.5" r="1.75"/><path d="M4 5.25v5.5M12 10.75V8M10.2 2.2l3.6 3.6m0-3.6-3.6 3.6"/>',
  commit: '<circle cx="8" cy="8" r="2.75"/><path d="M.75 8h4.5m5.5 0h4.5"/>',
  comment:
    '<path d="M2.75 2.5h10.5c.6 0 1 .4 1 1v6.75c0 .6-.4 1-1 1H7.5L4.5 14v-2.75H2.75c-.6 0-1-.4-1-1V3.5c0-.6.4-1 1-1Z"/>',
  success: '<circle class="filled" cx="8" cy="8" r="7"/><path class="cut" d="m4.8 8.3 2.2 2.2 4.3-4.6"/>',
  failure:
    '<circle class="filled" cx="8" cy="8" r="7"/><path class="cut" d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2"/>',
  neutral: '<circle cx="8" cy="8" r="6.25"/><path d="M5 8h6"/>',
  skipped: '<circle cx="8" cy="8" r="6.25"/><path d="m5.2 10.8 5.6-5.6"/>',
  cancelled:
    '<path d="M5.3 1.75h5.4l3.55 3.55v5.4l-3.55 3.55H5.3L1.75 10.7V5.3Z"/><path d="m5.6 5.6 4.8 4.8"/>',
  timed_out: '<circle cx="8" cy="8" r="6.25"/><path d="M8 4.2V8l2.4 1.8"/>',
  action_required: '<path d="M8 1.9 14.6 13.6H1.4Z"/><path d="M8 6v3.6m0 1.6v.4"/>',
  queued: '<circle class="filled" cx="8" cy="8" r="4"/>',
  in_progress:
    '<circle class="track" cx="8" cy="8" r="5.75"/><path class="turning" d="M8 2.25A5.75 5.75 0 0 1 13.75 8"/>',
  note: '<circle cx="8" cy="8" r="6.25"/><path d="M8 7.2v4M8 4.6v.4"/>',
  tip: '<path d="M6 11.5c0-1.7-2-2.3-2-5a4 4 0 0 1 8 0c0 2.7-2 3.3-2 5Zm.2 2.5h3.6"/>',
  important: '<path d="M2.75 2.5h10.5v8.75H7.5L4.5 14v-2.75H2.75Z"/><path d="M8 4.5v2.8m0 1.4v.3"/>',
  warning: '<path d="M8 1.9 14.6 13.6H1.4Z"/><path d="M8 6v3.6m0 1.6v.4"/>',
  caution:
    '<path d="M5.3 1.75h5.4l3.55 3.55v5.4l-3.55 3.55H5.3L1.75 10.7V5.3Z"/><path d="M8 4.8v3.8m0 1.8v.4"/>',
} as const;

export type IconName = keyof typeof DRAWINGS;

export function icon(name: IconName): Html {
  return html`<svg class="icon icon-${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    ${safeHtml(DRAWINGS[name])}
  </svg>`;
}
