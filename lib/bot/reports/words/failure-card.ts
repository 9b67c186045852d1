/** What a person needs when nothing was measured: where it broke, what it looks like, the log's last lines, and what to do. */
import { attemptKey, type Failure, type FailureClass, type JobRun } from '../../record/job-run.ts';
import { commandFor, type CommandVoice } from '../../grammar/copyable.ts';
import { code, codeBlock, details, words } from '../../text/markdown.ts';
import { formatDuration } from '../../text/numbers.ts';
import { tellingLine } from '../classify-failure.ts';

export interface CardOptions extends CommandVoice {
  /** Room for the log. */
  readonly maxLogChars: number;
  /** What this job usually takes, in words; empty when it is not known. */
  readonly usual: string;
}

const LOOKS_LIKE: Readonly<Record<FailureClass, string>> = {
  code: 'the code or the job itself',
  lab: 'a fault of the lab, not your change',
  configuration: 'the configuration of the job or the bot, not your change',
  unstable: 'the job’s own checks: it ran to its end but was not content',
  aborted: 'somebody, or a limit of the job’s own, stopped it at the lab',
  bot: 'a fault of the bot, not your change',
};

export function failedCard(run: JobRun, options: CardOptions): string {
  const { failure, platformRun } = run;
  if (!failure) return '';
  const stage = failure.stage ?? platformRun.stage;
  const tookMs =
    platformRun.startedAtMs === undefined || platformRun.endedAtMs === undefined
      ? undefined
      : platformRun.endedAtMs - platformRun.startedAtMs;
  const after = tookMs === undefined ? '' : ` after ${formatDuration(tookMs)}`;
  const evidence = failure.evidence === undefined ? '' : ` (${code(failure.evidence, 160)})`;
  const facts = [
    stage === undefined ? '' : `**Where** stage ${code(stage, 80)}${after}`,
    `**Why** ${words(failure.reason, 500)}`,
    `**Looks like** ${LOOKS_LIKE[failure.looksLike]}${evidence}`,
    logSays(failure),
    retriedWords(run),
  ].filter((fact) => fact !== '');
  return [facts.join(' · '), nextOf(run, options), logFold(failure.logTail, options.maxLogChars)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A fault of the lab brings its own evidence. */
function logSays({ looksLike, logTail = '' }: Failure): string {
  const line = looksLike === 'code' || looksLike === 'unstable' ? tellingLine(logTail) : undefined;
  return line === undefined ? '' : `**Log says** ${code(line, 160)}`;
}

function retriedWords({ earlierFailure, failure }: JobRun): string {
  if (!earlierFailure) return '';
  const isSame = failure?.looksLike === earlierFailure.looksLike;
  return `**Retried** once automatically, ${isSame ? 'with the same end' : 'after a fault of the lab'}`;
}

function nextOf({ failure, state }: JobRun, voice: CardOptions): string {
  const rerun = commandFor(voice, 'rerun');
  switch (failure?.looksLike) {
    case 'lab':
      return `**Next:** nothing to fix here. ${rerun} once the lab works again; its people have to look if it stays.`;
    case 'configuration':
      return `**Next:** whoever looks after the bot’s project file has to correct it; then ${rerun}.`;
    case 'unstable':
      return `**Next:** see in the log what the job was not content with, then ${rerun}.`;
    case 'aborted':
      return state === 'cancelled' ? `**Next:** ${rerun} if it is still wanted.` : '';
    case 'bot':
      return `**Next:** ${rerun}; if it happens again, the bot’s log says why.`;
    case 'code':
      return `**Next:** read the log below, push a fix, then ${rerun}.`;
    case undefined:
      return '';
  }
}

/** The last lines that fit; a line longer than the room is cut. */
function logFold(logTail: string | undefined, maxChars: number): string {
  if (logTail === undefined || logTail.trim() === '') return '';
  const kept: string[] = [];
  let left = maxChars;
  for (const line of logTail.trimEnd().split('\n').reverse()) {
    const cut = line.length > 400 ? `${line.slice(0, 400)}…` : line;
    left -= cut.length + 1;
    if (left < 0) break;
    kept.unshift(cut);
  }
  if (kept.length === 0) return '';
  return details(
    `Last ${kept.length === 1 ? 'log line' : `${kept.length} log lines`}`,
    codeBlock(kept.join('\n')),
  );
}

export function timedOutCard(run: JobRun, options: CardOptions): string {
  const { maxLogChars, usual } = options;
  const { platformRun, deadlineAtMs, failure, cancelRequested } = run;
  if (failure?.looksLike === 'aborted') return labLimitCard(run, options);
  const stage = platformRun.stage === undefined ? '' : ` Last seen in stage ${code(platformRun.stage, 80)}.`;
  const limit = formatDuration(deadlineAtMs - platformRun.requestedAtMs);
  const stop = platformRun.ref && !cancelRequested?.unconfirmed ? ' The lab was told to stop it.' : '';
  return [
    `Its time limit is ${limit}${usual === '' ? '' : `; ${usual}`}.${stage}${stop}`,
    `**Next:** look in the log where it hung; ${commandFor(options, 'rerun')} tries it again, and a longer limit is ${code('timeoutMinutes')} in the project file.`,
    logFold(failure?.logTail, maxLogChars),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The lab ended it by a limit of the job's own, before the bot's came. */
function labLimitCard({ failure, platformRun }: JobRun, options: CardOptions): string {
  const stage = failure?.stage ?? platformRun.stage;
  const where = stage === undefined ? '' : `**Where** stage ${code(stage, 80)} · `;
  return [
    `${where}**Why** ${words(failure?.reason ?? 'a time limit at the lab', 500)} · **Looks like** a time limit of the job at the lab`,
    `**Next:** look in the log where it hung; ${commandFor(options, 'rerun')} tries it again, and a longer limit is set in the job at the lab.`,
    logFold(failure?.logTail, options.maxLogChars),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

export function resultsMissingCard(run: JobRun, voice: CardOptions): string {
  const { horreum } = run;
  const waited = formatDuration(run.resultsTimeoutMs);
  const recheck = commandFor(voice, 'recheck');
  if (horreum?.refused !== undefined)
    return `${words(horreum.refused, 500)}.\n\n**Next:** change that, then ${recheck}.`;
  if (horreum?.runId !== undefined) {
    return `Horreum run ${horreum.runId} is there, but its ${horreum.waitingFor ?? 'labels'} were not readable within ${waited}.\n\n**Next:** see whether the upload’s ${code('$schema')} is one that the test’s schema knows; then ${recheck}.`;
  }
  const trouble =
    horreum?.trouble === undefined ? '' : ` Horreum could not be asked: ${words(horreum.trouble, 300)}.`;
  return `Nothing in Horreum test ${words(horreum?.testId ?? '?', 20)} belongs to this run (key ${code(attemptKey(run))}), ${waited} after the job’s end.${trouble}\n\n**Next:** see in the job’s log whether it uploads at all, to this test, and with the label ${code('pb.run_key')}; then ${recheck}.`;
}
