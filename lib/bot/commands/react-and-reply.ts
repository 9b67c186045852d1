/** Answers a comment with reactions, each sent once, and with one reply that is not repeated when the delivery is. */
import type { GitHubEvent } from '../../github/events.ts';
import type { GitHub, Reaction } from '../../github/github.ts';
import { onRefusal } from '../../http/upstream-error.ts';
import { counterKeys } from '../record/table-keys.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { mustWaitMs } from '../runs/write-budget.ts';

export type CommentEvent = Extract<GitHubEvent, { kind: 'comment' }>;
export type React = (reaction: Reaction) => Promise<void>;

const MAX_REPLY_CHARS = 60_000;
const REPLY_REMEMBERED_MS = 14 * 24 * 60 * 60_000;

export function reactor(deps: BotDeps, gitHub: GitHub, event: CommentEvent): React {
  const sent = new Map<Reaction, Promise<void>>();
  return (reaction) => {
    const sending = sent.get(reaction) ?? react(deps, gitHub, event, reaction);
    sent.set(reaction, sending);
    return sending;
  };
}

/** Where GitHub takes few writes, they are kept for what matters more. A reaction that fails is no reason to lose a command. */
async function react(
  deps: BotDeps,
  gitHub: GitHub,
  { repository, comment }: CommentEvent,
  reaction: Reaction,
): Promise<void> {
  try {
    if ((await mustWaitMs(gitHub, 'reaction', deps.nowMs(), '')) > 0) return;
    await gitHub.react(repository, comment.id, reaction);
  } catch (error) {
    deps.log.warn('the reaction could not be sent', { error });
  }
}

/** `isRetry`: an earlier try may have replied already. */
export async function reply(
  deps: BotDeps,
  gitHub: GitHub,
  { repository, comment, number }: CommentEvent,
  text: string,
  isRetry: boolean,
): Promise<void> {
  const marker = `<!-- perf-bot:reply ${comment.id} -->`;
  const body = `${marker}\n${text.length > MAX_REPLY_CHARS ? `${text.slice(0, MAX_REPLY_CHARS)}\n\n… cut` : text}`;
  const isFirst = await deps.runs.countUpTo(
    counterKeys.replied(repository.id, comment.id),
    1,
    deps.nowMs() + REPLY_REMEMBERED_MS,
  );
  if ((isRetry || !isFirst) && (await gitHub.findComment(repository, number, marker))) return;
  await gitHub
    .createComment(repository, number, body)
    .catch(onRefusal((error) => void deps.log.warn('GitHub refuses comments here', { error })));
}
