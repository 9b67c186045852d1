/** Styles the page in GitHub's manner; the Markdown itself is styled by github-markdown-css. */

export const PAGE_STYLE = `
:root {
  --page: #ffffff; --inset: #f6f8fa; --border: #d1d9e0; --text: #1f2328; --muted: #59636e; --link: #0969da;
  --good: #1a7f37; --bad: #cf222e; --wait: #9a6700; --done: #8250df; --button: #f6f8fa; --button-over: #eff2f5; --primary: #1f883d;
  --bot-tint: #ddf4ff; --bot-border: #54aeff66; --mention: #fff8c5;
  --s0: #0969da; --s1: #cf222e; --s2: #1a7f37; --s3: #9a6700; --s4: #8250df; --s5: #59636e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --inset: #151b23; --border: #3d444d; --text: #f0f6fc; --muted: #9198a1; --link: #4493f8;
    --good: #3fb950; --bad: #f85149; --wait: #d29922; --done: #ab7df8; --button: #212830; --button-over: #262c36; --primary: #238636;
    --bot-tint: #388bfd1a; --bot-border: #388bfd66; --mention: #bb800926;
    --s0: #4493f8; --s1: #f85149; --s2: #3fb950; --s3: #d29922; --s4: #ab7df8; --s5: #9198a1;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 14px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif, "Noto Color Emoji"; }
code, pre, .sha { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 12px; }
a { color: var(--link); }
main { max-width: 1216px; margin: 0 auto; padding: 16px 24px 64px; }
.banner { margin: 0; padding: 8px 24px; background: #bf3989; color: #fff; font-weight: 600; text-align: center; position: sticky; top: 0; z-index: 2; }
.banner a { color: #fff; font-weight: 400; margin-left: 8px; }
body.offline .banner::after { content: " · not connected, trying again"; font-weight: 400; }
.muted { color: var(--muted); }
.muted b { color: var(--text); }
.bad { color: var(--bad); }
.crumbs { margin: 0 0 8px; color: var(--link); font-size: 16px; }
.pull-title { font-size: 32px; line-height: 1.25; font-weight: 400; margin: 0 0 8px; overflow-wrap: anywhere; }
.pull-state { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding-bottom: 16px; margin-bottom: 24px; border-bottom: 1px solid var(--border); }
.state { display: inline-flex; gap: 6px; align-items: center; padding: 5px 12px; border-radius: 2em; color: #fff; font-weight: 500; background: var(--primary); }
.state .icon { color: inherit; }
.state.closed { background: #cf222e; } .state.merged { background: #8250df; } .state.draft { background: #59636e; }
.ref { padding: 2px 6px; border-radius: 6px; background: var(--bot-tint); color: var(--link); }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 256px; gap: 32px; }
.sidebar { font-size: 12px; }
.sidebar h4 { margin: 0 0 4px; color: var(--muted); font-size: 12px; }
.sidebar p, .sidebar ul { margin: 0 0 16px; padding: 0; }
.people { list-style: none; }
.sha { overflow-wrap: anywhere; }
.icon { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; vertical-align: text-bottom; flex: none; }
.icon .filled { fill: currentColor; stroke: none; }
.icon .cut { stroke: var(--page); stroke-width: 1.75; }
.icon .track { opacity: 0.3; }
.icon-success { color: var(--good); } .icon-failure, .icon-timed_out { color: var(--bad); }
.icon-queued, .icon-in_progress, .icon-action_required { color: var(--wait); }
.icon-neutral, .icon-skipped, .icon-cancelled { color: var(--muted); }
.turning { transform-origin: 8px 8px; animation: turn 1.2s linear infinite; }
@keyframes turn { to { transform: rotate(360deg); } }
@media (prefers-reduced-motion: reduce) { .turning { animation: none; } }
.timeline { position: relative; }
.timeline-comment { display: grid; grid-template-columns: 40px minmax(0, 1fr); gap: 16px; padding: 8px 0; position: relative; }
.timeline::before { content: ""; position: absolute; left: 72px; top: 24px; bottom: 24px; width: 2px; background: var(--border); }
.bubble { border: 1px solid var(--border); border-radius: 6px; background: var(--page); position: relative; min-width: 0; }
.bubble-head { display: flex; justify-content: space-between; gap: 8px; padding: 8px 16px; background: var(--inset); border-bottom: 1px solid var(--border); border-radius: 6px 6px 0 0; }
.by-bot { border-color: var(--bot-border); }
.by-bot .bubble-head { background: linear-gradient(var(--bot-tint), var(--bot-tint)), var(--page); border-color: var(--bot-border); }
.bubble > .markdown-body, .minimized > .markdown-body { padding: 16px; }
.markdown-body { font-size: 14px; overflow-wrap: anywhere; }
.markdown-body table { overflow-wrap: normal; }
.markdown-body li:has(> input[type=checkbox]), .markdown-body li:has(> p > input[type=checkbox]) { list-style: none; }
.markdown-body li > input[type=checkbox], .markdown-body li > p > input[type=checkbox] { margin: 0 0.2em 0.25em -1.4em; vertical-align: middle; }
.markdown-body .user-mention { font-weight: 600; color: inherit; background: var(--mention); border-radius: 3px; }
.markdown-body .commit-link { font-family: ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; font-size: 85%; color: var(--link); }
.markdown-body .markdown-alert-title .icon { margin-right: 8px; }
.minimized > summary { padding: 12px 16px; color: var(--muted); cursor: pointer; }
.edits { display: inline-block; position: relative; }
.edits > summary { cursor: pointer; }
.edit-list { position: absolute; z-index: 1; margin: 4px 0; padding: 8px 16px 8px 32px; min-width: 240px; background: var(--page); border: 1px solid var(--border); border-radius: 6px; box-shadow: 0 8px 24px #0003; }
.labels { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; }
.tag { border: 1px solid var(--border); border-radius: 2em; padding: 0 8px; font-size: 12px; color: var(--muted); white-space: nowrap; background: none; }
.label { border: 1px solid var(--border); border-radius: 2em; padding: 0 8px; font-size: 12px; line-height: 20px; font-weight: 500; color: var(--text); background: var(--inset); }
.reactions { list-style: none; display: flex; gap: 8px; margin: 0; padding: 0 16px 16px; }
.reactions li { border: 1px solid var(--border); border-radius: 2em; padding: 1px 8px; font-size: 12px; }
.reactions span { color: var(--muted); margin-left: 2px; }
.avatar { display: inline-grid; place-items: center; width: 40px; height: 40px; color: #fff; font-weight: 600; font-size: 14px; position: relative; }
.avatar.small { width: 20px; height: 20px; font-size: 9px; flex: none; }
.avatar.person { border-radius: 50%; } .avatar.thing { border-radius: 8px; }
.avatar.small.thing { border-radius: 4px; }
.tint-0 { background: #0969da; } .tint-1 { background: #8250df; } .tint-2 { background: #bf3989; } .tint-3 { background: #1a7f37; }
.tint-4 { background: #9a6700; } .tint-5 { background: #bc4c00; } .tint-6 { background: #57606a; } .tint-7 { background: #0a7ea4; }
.timeline-commit { display: flex; gap: 8px; align-items: center; margin-left: 61px; padding: 6px 0; position: relative; font-size: 13px; }
.dot { display: grid; place-items: center; width: 24px; height: 24px; background: var(--page); color: var(--muted); flex: none; }
.commit-message { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--muted); }
.timeline-commit code { color: var(--muted); }
.merge-box { display: grid; grid-template-columns: 40px minmax(0, 1fr); gap: 16px; padding: 16px 0; position: relative; }
.merge-badge { display: grid; place-items: center; width: 40px; height: 40px; border-radius: 6px; background: var(--muted); color: #fff; }
.merge-badge.success { background: var(--primary); } .merge-badge.failure { background: #cf222e; } .merge-badge.merged { background: #8250df; }
.merge-content { border: 1px solid var(--border); border-radius: 6px; background: var(--page); overflow: hidden; }
.merge-head { display: flex; flex-wrap: wrap; gap: 12px; padding: 16px; align-items: center; }
.merge-head h3, .merge-head p { margin: 0; font-size: 14px; }
.merge-head h3 { font-size: 16px; font-weight: 600; }
.merge-head > div { flex: 1; min-width: 0; }
.big .icon { width: 24px; height: 24px; }
.check-run { border-top: 1px solid var(--border); background: var(--inset); }
.check-run + .merge-head { border-top: 1px solid var(--border); }
.check-run > summary { display: flex; gap: 10px; align-items: center; padding: 8px 16px; cursor: pointer; list-style: none; }
.check-run > summary::-webkit-details-marker { display: none; }
.check-run > summary::after { content: "▾"; color: var(--muted); }
.check-run[open] > summary::after { content: "▴"; }
.check-name { flex: 1; min-width: 0; }
.check-app { font-size: 12px; white-space: nowrap; }
.check-body { padding: 4px 16px 16px; background: var(--page); border-top: 1px solid var(--border); }
.check-body > p { margin: 8px 0; }
button, select, input, textarea { font: inherit; color: inherit; }
button { padding: 4px 12px; border: 1px solid var(--border); border-radius: 6px; background: var(--button); font-weight: 500; cursor: pointer; }
button:hover { background: var(--button-over); }
button.primary { background: var(--primary); color: #fff; border-color: transparent; }
select, input:not([type]), textarea { padding: 5px 8px; border: 1px solid var(--border); border-radius: 6px; background: var(--page); max-width: 100%; }
.act { border: 1px solid var(--border); border-radius: 6px; background: var(--inset); padding: 12px 16px; margin: 16px 288px 0 56px; }
.act textarea { display: block; width: 100%; margin: 8px 0; resize: vertical; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 0; align-items: center; }
.act .primary, .merge-head .pull-buttons { margin-left: auto; }
.label-add { display: inline-flex; gap: 4px; }
.list-box { border: 1px solid var(--border); border-radius: 6px; margin: 16px 0 8px; overflow: hidden; }
.list-box header { padding: 12px 16px; background: var(--inset); border-bottom: 1px solid var(--border); }
.row { display: flex; gap: 10px; padding: 10px 16px; color: inherit; text-decoration: none; border-top: 1px solid var(--border); }
.list-box header + .row { border-top: 0; }
.row:hover { background: var(--inset); }
.row-state { color: var(--good); } .row-state.merged { color: var(--done); } .row-state.closed { color: var(--bad); } .row-state.draft { color: var(--muted); }
.row-text { flex: 1; min-width: 0; } .row-text b { font-size: 16px; font-weight: 600; }
.row-text > .muted { display: block; font-size: 12px; }
.row-comments { white-space: nowrap; }
.empty { padding: 16px; margin: 0; }
.new-pull { margin: 0 0 24px; } .new-pull summary { cursor: pointer; color: var(--link); }
.new-pull form { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 8px 0; }
.refusal { padding: 16px; border: 1px solid var(--bad); border-radius: 6px; }
.chart { overflow-x: auto; margin: 0 0 16px; direction: rtl; }
.xychart { direction: ltr; margin-right: auto; width: 100%; min-width: 520px; max-width: 720px; height: auto; display: block; }
.xychart text { fill: var(--text); font-size: 12px; text-anchor: middle; }
.xychart .chart-title { font-size: 15px; } .xychart .y-label { text-anchor: end; }
.xychart .grid { stroke: var(--border); stroke-width: 0.75; } .xychart .axis { stroke: var(--muted); stroke-width: 1.25; }
.xychart .line { fill: none; stroke-width: 2.25; stroke-linejoin: round; }
.series-0.line { stroke: var(--s0); } .series-1.line { stroke: var(--s1); } .series-2.line { stroke: var(--s2); }
.series-3.line { stroke: var(--s3); } .series-4.line { stroke: var(--s4); } .series-5.line { stroke: var(--s5); }
.series-0.bar { fill: var(--s0); } .series-1.bar { fill: var(--s1); } .series-2.bar { fill: var(--s2); }
.series-3.bar { fill: var(--s3); } .series-4.bar { fill: var(--s4); } .series-5.bar { fill: var(--s5); }
@media (min-width: 1200px) { main:has(.gallery-index) { max-width: 1680px; } }
.gallery-index { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 12px 16px; margin: 0 0 24px; border: 1px solid var(--border); border-radius: 6px; background: var(--inset); font-size: 12px; }
.gallery-state { margin: 0 0 32px; scroll-margin-top: 56px; }
.gallery-state > h3 { margin: 0 0 8px; } .gallery-state > h3 a { color: inherit; text-decoration: none; }
.gallery-pair { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 16px; align-items: start; }
.gallery-pair .check-run:first-child { border-top: 0; }
@media (max-width: 900px) {
  .gallery-pair { grid-template-columns: minmax(0, 1fr); }
  main { padding: 12px 12px 48px; }
  .columns { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .timeline-comment, .merge-box { grid-template-columns: minmax(0, 1fr); }
  .timeline-comment > .avatar, .merge-badge { display: none; }
  .timeline::before { left: 16px; }
  .timeline-commit { margin-left: 4px; }
  .act { margin: 16px 0 0; }
  .pull-title { font-size: 24px; }
  .bubble-head { flex-wrap: wrap; padding: 8px 12px; }
  .bubble > .markdown-body { padding: 12px; }
  .check-app { display: none; }
}
`;
