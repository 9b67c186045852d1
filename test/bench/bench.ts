/** `npm run bench`: what the bot costs and how fast it is, everything held against a floor that is measured in the same run. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBundles } from './measure-bundles.ts';
import { measureCold, SMALL_MB, STUB_DELAY_MS } from './measure-cold.ts';
import { bill } from './bill.ts';
import { measureInstall, measureStart } from './measure-install.ts';
import { looksWhileRunning, measureLook } from './measure-look.ts';
import { measureRendering } from './measure-rendering.ts';
import { FULL_SWEEP_SIZES, measureSweeper, SWEEP_SIZES } from './measure-sweeper.ts';
import { measureWarm } from './measure-warm.ts';
import { measureSystem, type SystemResults } from './measure-system.ts';
import { printTable, printTitle } from './print-results.ts';

const { values } = parseArgs({
  options: {
    /** Comma-separated: bundles, cold, tls, throttled, warm, system, sweeper, rendering, start. */
    only: { type: 'string' },
    times: { type: 'string', default: '15' },
    full: { type: 'boolean', default: false },
    install: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const wants = (part: string) => values.only === undefined || values.only.split(',').includes(part);
const times = Number(values.times);
const WARM_TIMES = 300;
const DOORS = ['github-webhook', 'horreum-webhook', 'perflab-webhook'] as const;
const USUAL_JOB_MINUTES = 20;
const RUNS_A_MONTH = [1_000, 100_000];
const results: Record<string, unknown> = {
  node: process.version,
  cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  atIso: new Date().toISOString(),
};

const distDir = await mkdtemp(join(tmpdir(), 'perf-bot-bench-'));
try {
  const bundles = await measureBundles(distDir);
  if (wants('bundles')) show('bundles', 'Bundles (minified, KB = 1,000 bytes)', bundles);
  if (wants('cold'))
    show(
      'cold',
      `Cold: median of ${times} starts in turns; every outside call takes ${STUB_DELAY_MS} ms; at 128 MB computed from CPU time`,
      await measureCold({ distDir, times }),
    );
  if (wants('tls')) show('tls', `The same over TLS`, await measureCold({ distDir, times, overTls: true }));
  if (wants('throttled'))
    show(
      'throttled',
      `The doors, held to the CPU share of ${SMALL_MB} MB once they are ready`,
      await measureCold({ distDir, times, names: DOORS, throttled: true }),
    );
  if (wants('warm'))
    show('warm', `Warm: ${WARM_TIMES} events in turns`, await measureWarm(distDir, WARM_TIMES));
} finally {
  await rm(distDir, { recursive: true, force: true });
}
if (wants('system')) {
  const system = await measureSystem();
  showSystem(system);
  const look = await measureLook();
  const looks = looksWhileRunning(USUAL_JOB_MINUTES);
  show('look', 'A look without news', [{ ...look.calls, ...look.units, ms: look.ms }]);
  const lines = bill({ system, look, looksWhileRunning: looks }, RUNS_A_MONTH);
  show('bill', `Dollars a month, jobs of ${USUAL_JOB_MINUTES} minutes (${looks} looks each)`, lines);
}
if (wants('sweeper'))
  show(
    'sweeper',
    'One sweep on the embedded DynamoDB',
    await measureSweeper(values.full ? FULL_SWEEP_SIZES : SWEEP_SIZES),
  );
if (wants('rendering'))
  show('rendering', 'A report of many metrics', [measureRendering(50, 9), measureRendering(500, 5)]);
if (wants('start')) show('start', 'npm start, seconds to the report', [{ seconds: await measureStart() }]);
if (values.install)
  show('install', 'A fresh clone: npm ci without a cache, npm start', [await measureInstall()]);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);

function show(name: string, title: string, rows: readonly object[]): void {
  results[name] = rows;
  printTitle(title);
  printTable(rows);
}

function showSystem(system: SystemResults): void {
  results['system'] = system;
  const { run, commands, delaysMs, eyesMs, jobStartedMs, horreumToCommentMs } = system;
  const delays = Object.entries(delaysMs).map(([name, delayMs]) => `${name} ${delayMs} ms`);
  printTitle(`The whole system (delays: ${delays.join(', ')})`);
  printTable([
    {
      'queued to 👀, ms': eyesMs,
      'to job started, ms': jobStartedMs,
      'Horreum’s word to comment, ms': horreumToCommentMs,
    },
  ]);
  printTitle('Calls of one command');
  printTable([
    {
      command: 'run, all looks',
      ...run.calls,
      'read units': run.units.read,
      'write units': run.units.write,
      'bytes kept': run.storedBytes,
    },
    ...Object.entries(commands).map(([command, calls]) => ({ command, ...calls })),
  ]);
  printTitle('Calls of one run by kind');
  for (const [name, kinds] of Object.entries(run.kinds))
    printTable(Object.entries(kinds).map(([kind, count]) => ({ [name]: kind, count })));
}
