/** One run as the status comment shows it: headline, what matters now, the numbers, where to click and what to type next. */
import { attemptKey, hasEnded, type JobRun } from '../runs/job-run.ts';
import { code, codeBlock, details, link, words } from './markdown.ts';
import { metricTables } from './metric-table.ts';
import { formatDuration } from './numbers.ts';
import { headlineOf } from './verdict-words.ts';

export interface SectionContext {
  readonly prompt: string;
  readonly nowMs: number;
  /** How far the pull request's head has moved on since: 0 when this is the newest commit. */
  readonly behind?: { readonly commits: number | undefined };
  /** This job's last durations, oldest first, in ms. */
  readonly durationsMs: readonly number[];
  /** Room for the tables. */
  readonly maxTableChars: number;
}

export function runSection(run: JobRun, context: SectionContext): string {
  const { icon, text } = headlineOf(run, context.nowMs);
  const parts = [
    `### ${icon} Perf Bot: ${text}${staleMark(run, context)}`,
    body(run, context),
    footer(run, context),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function staleMark(run: JobRun, { behind }: SectionContext): string {
  if (!behind || behind.commits === 0) return '';
  const far =
    behind.commits === undefined
      ? 'the branch was rewritten since'
      : `${behind.commits} commit${behind.commits === 1 ? '' : 's'} behind`;
  return ` (for ${code(run.headSha.slice(0, 7))}, ${far})`;
}

function body(run: JobRun, context: SectionContext): string {
  const warning = run.warning === undefined || hasEnded(run) ? '' : `> [!NOTE]\n> ${words(run.warning, 600)}`;
  const retried = run.earlierFailure
    ? `Tried again once: the first attempt ended with ${words(run.earlierFailure.reason, 200)}.`
    : '';
  return [about(run), retried, main(run, context), warning].filter((part) => part !== '').join('\n\n');
}

/** Commit, parameters and who asked, on one line. */
function about(run: JobRun): string {
  const base =
    run.baseSha === undefined ? '' : ` against ${code(`${run.baseRef}@${run.baseSha.slice(0, 7)}`)}`;
  const given = Object.entries(run.arguments).map(([name, value]) => code(`${name}=${value}`, 80));
  const params =
    given.length === 0 ? '' : ` · ${given.slice(0, 10).join(' ')}${given.length > 10 ? ' …' : ''}`;
  const people = run.requestedBy.map(({ login }) => words(login)).join(', ');
  const asked = run.automatic ? 'started automatically' : `asked by ${people}`;
  return `Commit ${code(run.headSha.slice(0, 7))}${base}${params} · ${asked}`;
}

function main(run: JobRun, context: SectionContext): string {
  switch (run.state) {
    case 'requested':
    case 'queued':
      return [waiting(run), usual(context.durationsMs)].filter((part) => part !== '').join(' · ');
    case 'running':
    case 'uploaded':
      return progress(run, context);
    case 'reported':
      return reported(run, context);
    case 'failed':
      return failed(run);
    case 'cancelled':
      return run.failure ? failed(run) : '';
    case 'timed-out':
      return timedOut(run, context);
    case 'results-missing':
      return resultsMissing(run);
  }
}

function waiting({ platformRun }: JobRun): string {
  if (platformRun.unknownStarts > 0 && !platformRun.ref)
    return `The lab did not answer clearly (${words(platformRun.reason ?? '')}); looking whether the job was started before trying again.`;
  return platformRun.reason === undefined ? 'Waiting for the lab' : `Waiting: ${words(platformRun.reason)}`;
}

function usual(durationsMs: readonly number[]): string {
  if (durationsMs.length === 0) return '';
  const sorted = [...durationsMs].sort((one, other) => one - other);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const p90 = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? median;
  return sorted.length < 3
    ? `usually ${formatDuration(median)}`
    : `usually ${formatDuration(median)} (9 of 10 within ${formatDuration(p90)})`;
}

const STAGES = ['start', 'run', 'upload', 'report'] as const;

function progress(run: JobRun, context: SectionContext): string {
  const { platformRun } = run;
  const sinceMs = platformRun.startedAtMs ?? run.createdAtMs;
  const expectedMs = platformRun.estimatedDurationMs ?? context.durationsMs.at(-1);
  const part =
    platformRun.progress ?? (expectedMs ? Math.min(0.95, (context.nowMs - sinceMs) / expectedMs) : undefined);
  const done = run.state === 'uploaded' ? 3 : platformRun.endedAtMs === undefined ? 1 : 2;
  const steps = STAGES.map((stage, index) =>
    index < done ? `${stage} ✔` : index === done ? `**${stage}**` : stage,
  ).join(' · ');
  const bar = part === undefined || done > 1 ? '' : `${code(barOf(part))} `;
  const leftMs = expectedMs === undefined || done > 1 ? undefined : expectedMs - (context.nowMs - sinceMs);
  const left = leftMs === undefined || leftMs <= 0 ? '' : ` - about ${formatDuration(leftMs)} left`;
  const stage = platformRun.stage === undefined ? '' : ` · stage ${words(platformRun.stage, 80)}`;
  const wait =
    run.horreum?.refused ??
    (run.horreum?.waitingFor === undefined
      ? undefined
      : `Horreum is still computing the ${run.horreum.waitingFor}`);
  return [`${bar}${steps}${stage}${left}`, wait === undefined ? '' : words(wait, 400)]
    .filter((line) => line !== '')
    .join('\n\n');
}

function barOf(part: number): string {
  const full = Math.round(Math.max(0, Math.min(1, part)) * 10);
  return '▓'.repeat(full) + '░'.repeat(10 - full);
}

function reported(run: JobRun, context: SectionContext): string {
  const { report } = run;
  if (!report)
    return run.horreum ? '' : 'The job has no results store configured, so there is nothing to compare.';
  const tables = metricTables(report, context.maxTableChars);
  const notes = report.notes.map((note) => `- ${words(note, 300)}`).join('\n');
  const left =
    tables.leftOut > 0
      ? `${tables.leftOut} more rows had no room here: they are in the check run's text or at Horreum.`
      : '';
  const alert =
    report.verdict === 'slower' ? '> [!CAUTION]\n' : report.verdict === 'cannot-tell' ? '> [!NOTE]\n' : '> ';
  return [alert + (alert === '> ' ? '' : '> ') + tally(run), tables.markdown, left, notes]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tally({ report, platformRun }: JobRun): string {
  if (!report) return '';
  const { counts } = report;
  const judged = report.rows.length + report.omittedRows - counts.info;
  const parts = [
    counts.worse > 0 ? `${counts.worse} worse than its limit` : '',
    counts.changed > 0 ? `${counts.changed} changed` : '',
    counts.better > 0 ? `${counts.better} better` : '',
    counts['cannot-tell'] > 0 ? `${counts['cannot-tell']} undecided` : '',
    counts.same > 0 ? `${counts.same} unchanged` : '',
  ].filter((part) => part !== '');
  const held = report.baseline === undefined ? '' : ` Held against ${words(report.baseline, 200)}.`;
  const datasets = report.datasets > 1 ? ` ${report.datasets} datasets.` : '';
  const early =
    platformRun.endedAtMs === undefined ? ' The job was still tidying up when this was written.' : '';
  if (judged === 0) return `Nothing was compared.${held}${datasets}${early}`;
  return `Of ${judged} metric${judged === 1 ? '' : 's'}: ${parts.join(', ')}.${held}${datasets}${early}`;
}

const LOOKS_LIKE = {
  code: 'the code or the job itself',
  lab: 'a fault of the lab, not your change',
  configuration: 'the configuration of the job or the bot',
  unstable: 'the job finished but was not content (unstable)',
  aborted: 'a person, or a time limit of the job, stopped it',
  bot: 'a fault of the bot',
} as const;

function failed(run: JobRun): string {
  const { failure } = run;
  if (!failure) return '';
  const where = failure.stage === undefined ? '' : `**Where** ${words(failure.stage, 100)} · `;
  const line = `${where}**Why** ${words(failure.reason, 800)} · **Looks like** ${LOOKS_LIKE[failure.looksLike]}`;
  return [line, logFold(failure.logTail)].filter((part) => part !== '').join('\n\n');
}

function logFold(logTail: string | undefined): string {
  if (logTail === undefined || logTail.trim() === '') return '';
  const lines = logTail.trimEnd().split('\n');
  return details(
    `Last ${lines.length} log line${lines.length === 1 ? '' : 's'}`,
    codeBlock(lines.join('\n')),
  );
}

function timedOut(run: JobRun, { durationsMs }: SectionContext): string {
  const stage =
    run.platformRun.stage === undefined ? '' : ` Last seen in stage ${words(run.platformRun.stage, 80)}.`;
  const limit = formatDuration(run.deadlineAtMs - run.createdAtMs);
  const stop = run.platformRun.ref ? ' The lab was told to stop it.' : '';
  return [
    `Its time limit is ${limit}${durationsMs.length === 0 ? '' : `; ${usual(durationsMs)}`}.${stage}${stop}`,
    logFold(run.failure?.logTail),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function resultsMissing(run: JobRun): string {
  const { horreum } = run;
  const waited = formatDuration(run.resultsTimeoutMs);
  if (horreum?.refused !== undefined) return words(horreum.refused, 500);
  if (horreum?.runId !== undefined) {
    return `Horreum run ${horreum.runId} is there, but its ${horreum.waitingFor ?? 'labels'} were not readable within ${waited}. Look whether the schema matches the upload.`;
  }
  const trouble =
    horreum?.trouble === undefined ? '' : ` Horreum could not be asked: ${words(horreum.trouble, 300)}.`;
  return `Nothing in Horreum test ${words(horreum?.testId ?? '?')} belongs to this run (key ${code(attemptKey(run))}), ${waited} after the job's end.${trouble} Look whether the job uploads at all, and with which labels.`;
}

function footer(run: JobRun, { prompt }: SectionContext): string {
  const links = [
    run.horreum?.runId === undefined ? '' : link(`Horreum run ${run.horreum.runId}`, run.horreum.url),
    run.platformRun.ref?.url === undefined ? '' : link(buildName(run), run.platformRun.ref.url),
  ];
  const next = nextCommands(run).map((command) => code(`${prompt} ${command}`));
  const promise = hasEnded(run) || run.automatic ? '' : 'one mention when there is a verdict';
  return `<sub>${[...links, ...next, promise].filter((part) => part !== '').join(' · ')}</sub>`;
}

function buildName(run: JobRun): string {
  const number = run.platformRun.ref?.runId;
  const names = {
    jenkins: 'Jenkins',
    'argo-workflows': 'Argo workflow',
    'argo-cd': 'Argo CD',
    'github-actions': 'Actions run',
    webhook: 'lab',
  } as const;
  return number === undefined || run.platform !== 'jenkins'
    ? names[run.platform]
    : `${names.jenkins} #${number}`;
}

function nextCommands(run: JobRun): string[] {
  if (!hasEnded(run)) return ['cancel'];
  if (run.state === 'results-missing') return ['recheck', 'rerun'];
  const first = run.report?.rows.find(({ verdict, policy }) => verdict === 'worse' && policy !== 'info');
  return first ? [`ack ${first.name} "reason"`, 'rerun'] : ['rerun'];
}
