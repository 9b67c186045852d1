/** Handles messages that could not be handled: keeps each one, tells the people who wait for it, and sends it again on request. */
import { claimKeys } from '../record/table-keys.ts';
import { onUpstreamError, UpstreamError } from '../../http/upstream-error.ts';
import { isObject, parseJson } from '../../json.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import type { CommandMessage, RunMessage } from '../record/messages.ts';
import { hasEnded, moveTo, type JobRun } from '../record/job-run.ts';
import { publishRun } from '../runs/publish.ts';
import { saveRun } from '../runs/hold-run.ts';

export interface DeadLetter {
  readonly messageId: string;
  readonly queue: 'commands' | 'runs';
  readonly body: string;
  readonly diedAtMs: number;
}

export interface DeadLetterStore {
  /** False if it was kept before. */
  keep(letter: DeadLetter): Promise<boolean>;
  list(limit: number): Promise<readonly DeadLetter[]>;
  get(messageId: string): Promise<DeadLetter | undefined>;
  /** Forgets a letter that was sent again. */
  remove(messageId: string): Promise<void>;
}

/** Where a message came from, by what it is: both queues' dead letters lie together. */
export function queueOf(body: string): DeadLetter['queue'] {
  return 'delivery' in (messageIn(body) ?? {}) ? 'commands' : 'runs';
}

/**
 * First kept, then told: a notice that fails does not lose the letter, and comes back with the message. It is kept without the
 * escapes that a queue needs, which can make a comment larger than an item of the table.
 */
export async function takeDeadLetter(
  deps: BotDeps,
  letters: DeadLetterStore,
  letter: DeadLetter,
): Promise<void> {
  const message = messageIn(letter.body);
  await letters.keep(message === undefined ? letter : { ...letter, body: JSON.stringify(message) });
  if (letter.queue === 'commands') return tellOfCommand(deps, message as CommandMessage | undefined, letter);
  const runKey = (message as Partial<Extract<RunMessage, { kind: 'look' }>> | undefined)?.runKey;
  if (runKey !== undefined) await tellOfRun(deps, runKey);
}

/** Sends a letter again; the same names make it harmless if it had got far. */
export async function replayDeadLetter(
  deps: Pick<BotDeps, 'commandQueue' | 'runQueue'>,
  letters: DeadLetterStore,
  messageId: string,
): Promise<boolean> {
  const letter = await letters.get(messageId);
  const message = letter && messageIn(letter.body);
  if (!letter || message === undefined) return false;
  const { postponed: _times, ...fresh } = message as { postponed?: number };
  if (letter.queue === 'commands') await deps.commandQueue.send(fresh as CommandMessage);
  else await deps.runQueue.send(fresh as RunMessage);
  await letters.remove(messageId);
  return true;
}

async function tellOfCommand(
  deps: BotDeps,
  message: CommandMessage | undefined,
  letter: DeadLetter,
): Promise<void> {
  const delivery = message?.delivery;
  if (delivery?.kind !== 'comment') return;
  const gitHub = deps.gitHubOf(delivery.installationId);
  const marker = `<!-- perf-bot:dead ${delivery.comment.id} -->`;
  await orLog(deps, async () => {
    if (await gitHub.findComment(delivery.repository, delivery.number, marker)) return;
    await beTheOneWhoTells(deps, claimKeys.deadCommand(delivery.repository.id, delivery.comment.id), letter);
    const text = `### ⚠️ A command could not be carried out\nPerf Bot tried it several times and kept it (${letter.messageId}); its operator is alerted. You can safely write the command again.`;
    await gitHub.createComment(delivery.repository, delivery.number, `${marker}\n${text}`);
  });
}

/** Longer than a function lives, and shorter than a letter waits until it comes back. */
const TELLING_MS = 60_000;

/** A command that is found or delivered again dies again, and its letters may come at the same moment. */
async function beTheOneWhoTells(deps: BotDeps, claimKey: string, { messageId }: DeadLetter): Promise<void> {
  const holder = await deps.runs.claim(claimKey, messageId, deps.nowMs() + TELLING_MS);
  if (holder !== messageId)
    throw new UpstreamError('another letter of the same command is telling people', { retryable: true });
}

/** The run ends visibly as the bot's own fault, unless it has ended by itself meanwhile. */
async function tellOfRun(deps: BotDeps, runKey: string): Promise<void> {
  const run = await deps.runs.get(runKey);
  if (!run || run.published.settled) return;
  const failure = {
    looksLike: 'bot',
    reason: 'Perf Bot could not follow this run; its operator is alerted',
  } as const;
  const ended: JobRun = hasEnded(run) ? run : moveTo({ ...run, failure }, 'failed', deps.nowMs());
  const saved = await saveRun(deps.runs, ended);
  await orLog(deps, async () => {
    const project = await deps.projects.getById(saved.projectId);
    const { run: shown } = await publishRun(deps, { project, run: saved, stored: saved });
    const { dueAtMs: _due, ...settled } = shown;
    await deps.runs.save(shown.published.settled ? settled : shown);
  });
}

async function orLog(deps: BotDeps, act: () => Promise<void>): Promise<void> {
  await act().catch(
    onUpstreamError((error) => {
      deps.log.error('people could not be told of a dead letter', { error });
      if (error.retryable) throw error;
    }),
  );
}

function messageIn(body: string): object | undefined {
  const message = parseJson(body);
  return isObject(message) ? message : undefined;
}
