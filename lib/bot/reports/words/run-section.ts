/** One run as the status comment shows it: headline, what matters now, the numbers, where to click and what to type next. */
import { hasEnded, type JobRun } from '../../record/job-run.ts';
import { commandFor, type CommandVoice } from '../../grammar/copyable.ts';
import { failedCard, resultsMissingCard, timedOutCard } from './failure-card.ts';
import { code, link, words } from '../../text/markdown.ts';
import { counted } from '../../text/numbers.ts';
import { progressLines, usualDuration, waitingLine } from './progress.ts';
import { reportedSection } from './reported-section.ts';
import { headlineOf } from './headline.ts';

export interface SectionContext extends CommandVoice {
  readonly nowMs: number;
  /** How far the pull request's head has moved on since: 0 when this is the newest commit. */
  readonly behind?: { readonly commits: number | undefined };
  /** This job's last durations, oldest first, in ms. */
  readonly durationsMs: readonly number[];
  /** How long its last runs waited before they began, likewise. */
  readonly waitsMs?: readonly number[];
  /** Room for the tables, in bytes. */
  readonly maxTableChars: number;
  /** Room for a log's tail. */
  readonly maxLogChars?: number;
  /** Charts, and the fold that says how it was decided; left out where room is short. */
  readonly withPictures?: boolean;
  /** In a check run the title stands above already. */
  readonly withoutHeading?: boolean;
}

const DEFAULT_LOG_CHARS = 6_000;

export function runSection(run: JobRun, context: SectionContext): string {
  const { icon, text } = headlineOf(run, context.nowMs);
  const parts = [
    context.withoutHeading ? '' : `### ${icon} Perf Bot: ${text}${staleMark(run, context)}`,
    hasEnded(run) ? '' : aboutRun(run),
    retried(run),
    main(run, context),
    mayStillRun(run),
    run.warning === undefined || hasEnded(run) ? '' : `> [!NOTE]\n> ${words(run.warning, 600)}`,
    run.platformRun.warning === undefined ? '' : `> [!WARNING]\n> ${words(run.platformRun.warning, 600)}`,
    footer(run, context),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function staleMark(run: JobRun, { behind }: SectionContext): string {
  if (!behind || behind.commits === 0) return '';
  const far =
    behind.commits === undefined
      ? 'the branch was rewritten since'
      : `${counted(behind.commits, 'commit')} behind`;
  return ` (for ${code(run.headSha.slice(0, 7))}, ${far})`;
}

/** Commit, parameters and who asked, on one line. */
function aboutRun(run: JobRun): string {
  const base =
    run.baseSha === undefined ? '' : ` against ${code(`${run.baseRef}@${run.baseSha.slice(0, 7)}`)}`;
  return [`Commit ${code(run.headSha.slice(0, 7))}${base}`, ...givenParameters(run), whoAsked(run)].join(
    ' · ',
  );
}

function givenParameters(run: JobRun): string[] {
  const given = Object.entries(run.arguments).map(([name, value]) => code(`${name}=${value}`, 80));
  return given.length === 0 ? [] : [`${given.slice(0, 10).join(' ')}${given.length > 10 ? ' …' : ''}`];
}

function whoAsked(run: JobRun): string {
  if (run.automatic) return 'started automatically';
  const names = run.requestedBy.slice(0, 5).map(({ login }) => words(login, 60));
  const more = run.requestedBy.length - names.length;
  return `asked by ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function retried(run: JobRun): string {
  if (!run.earlierFailure || run.state === 'failed') return '';
  return `The first attempt ended with a fault of the lab (${words(run.earlierFailure.reason, 200)}); this is the second.`;
}

function main(run: JobRun, context: SectionContext): string {
  const { maxLogChars = DEFAULT_LOG_CHARS, prompt, runKey, durationsMs } = context;
  const card = { prompt, runKey, maxLogChars, usual: usualDuration(durationsMs) };
  switch (run.state) {
    case 'requested':
    case 'queued':
      return waitingLine(run, context);
    case 'running':
    case 'uploaded':
      return progressLines(run, context);
    case 'reported':
      return reportedSection(run, context);
    case 'failed':
      return failedCard(run, card);
    case 'cancelled':
      return run.failure ? failedCard(run, card) : '';
    case 'timed-out':
      return timedOutCard(run, card);
    case 'results-missing':
      return resultsMissingCard(run, card);
  }
}

/** The lab could not be reached, or did not obey: somebody should look, since the job keeps others waiting. */
function mayStillRun({ cancelRequested }: JobRun): string {
  return cancelRequested?.unconfirmed
    ? '> [!WARNING]\n> The lab has not confirmed the stop: the job may still be running there.'
    : '';
}

function footer(run: JobRun, voice: SectionContext): string {
  const links = [
    run.horreum?.runId === undefined ? '' : link(`Horreum run ${run.horreum.runId}`, run.horreum.url),
    run.platformRun.ref?.url === undefined ? '' : link(buildName(run), run.platformRun.ref.url),
  ];
  const about = hasEnded(run)
    ? [code(run.headSha.slice(0, 7)), ...givenParameters(run), whoAsked(run)]
    : [run.automatic ? '' : 'one mention when there is a verdict'];
  const next = nextCommands(run).map((command) => commandFor(voice, command));
  return `<sub>${[...links, ...about, ...next].filter((part) => part !== '').join(' · ')}</sub>`;
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
    : `${names.jenkins} build ${number}`;
}

/** What makes sense now and does not stand above already. */
function nextCommands(run: JobRun): ('cancel' | 'rerun')[] {
  if (!hasEnded(run)) return ['cancel'];
  return run.state === 'reported' || run.state === 'cancelled' || run.state === 'results-missing'
    ? ['rerun']
    : [];
}
