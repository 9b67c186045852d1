/** Handles a comment with commands: each is carried out, 👀 or 😕 shows that it was seen, and one reply contains whatever needs words. */
import type { GitHub, PullRequest } from '../../github/github.ts';
import { commandLines } from '../grammar/command-lines.ts';
import { parseCommand, type ParsedCommand } from '../grammar/parse-command.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { counterKeys } from '../record/table-keys.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { code } from '../text/markdown.ts';
import { answerCommand } from './answer-command.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { reactor, reply, type CommentEvent, type React } from './react-and-reply.ts';

const HANDLED_REMEMBERED_MS = 2 * 24 * 60 * 60_000;

/** `project` is undefined where the App is installed but not configured. `isRetry`: an earlier try may have got far. */
export async function handleComment(
  deps: BotDeps,
  gitHub: GitHub,
  event: CommentEvent,
  project: ProjectConfig | undefined,
  isRetry: boolean,
): Promise<void> {
  const { prompt } = deps.settings;
  const parsed = commandLines(event.comment.body, prompt).map((line) => parseCommand(line, prompt));
  if (parsed.length === 0) return;
  if (event.author.isBot && (project?.quotas?.runsPerBotPerDay ?? 0) === 0)
    return deps.log.info('a bot wrote a command', { login: event.author.login });
  const handledKey = counterKeys.handled(event.repository.id, event.comment.id);
  await Promise.all([
    deps.runs.countUpTo(handledKey, 1, deps.nowMs() + HANDLED_REMEMBERED_MS),
    answerComment(deps, gitHub, event, project, parsed, isRetry),
  ]);
}

async function answerComment(
  deps: BotDeps,
  gitHub: GitHub,
  event: CommentEvent,
  project: ProjectConfig | undefined,
  parsed: readonly ParsedCommand[],
  isRetry: boolean,
): Promise<void> {
  const react = reactor(deps, gitHub, event);
  const answers =
    project && event.onPullRequest
      ? await answersTo(parsed, contextOf(deps, gitHub, event, project, react))
      : [{ reaction: 'confused' as const, reply: project ? ON_AN_ISSUE : notConfigured(event) }];
  const reactions = answers.map(({ reaction }) => reaction);
  const reaction = reactions.includes('confused') ? 'confused' : (reactions[0] ?? 'eyes');
  const replies = answers.flatMap((answer) => (answer.reply === undefined ? [] : [answer.reply]));
  await Promise.all([
    react(reaction),
    replies.length > 0 ? reply(deps, gitHub, event, replies.join('\n\n---\n\n'), isRetry) : undefined,
  ]);
}

const ON_AN_ISSUE = 'Perf Bot works on pull requests; this is an issue.';

function notConfigured({ repository }: CommentEvent): string {
  return `Perf Bot is installed here, but ${code(repository.fullName)} is not configured. To configure it, the operator runs ${code('perf-bot config apply FILE')}.`;
}

/** One after another: a command may build on the one before it. */
async function answersTo(
  parsed: readonly ParsedCommand[],
  context: Omit<CommandContext, 'ordinal'>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [ordinal, one] of parsed.entries())
    answers.push(await answerCommand({ ...context, ordinal }, one));
  return answers;
}

function contextOf(
  deps: BotDeps,
  gitHub: GitHub,
  { repository, installationId, number, author, comment }: CommentEvent,
  project: ProjectConfig,
  react: React,
): Omit<CommandContext, 'ordinal'> {
  let pull: Promise<PullRequest> | undefined;
  return {
    deps,
    gitHub,
    project,
    repository,
    installationId,
    number,
    person: author,
    trigger: {
      kind: 'comment',
      id: String(comment.id),
      commentId: comment.id,
      atMs: comment.createdAtMs,
    },
    pull: () => (pull ??= gitHub.getPullRequest(repository, number)),
    seen: () => void react('eyes'),
  };
}
