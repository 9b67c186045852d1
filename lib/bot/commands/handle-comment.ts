/** A comment with commands: each is carried out, 👀 or 😕 says that it was seen, and one reply holds whatever needs words. */
import { counterKeys } from '../record/table-keys.ts';
import type { GitHubEvent } from '../../github/events.ts';
import type { GitHub, PullRequest, Reaction } from '../../github/github.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { UserError } from '../record/errors.ts';
import { checkAccess, accessRulesOf } from '../projects/access.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { code } from '../text/markdown.ts';
import { mustWaitMs } from '../runs/write-budget.ts';
import { HANDLERS } from './carry-out.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { commandLines } from '../grammar/command-lines.ts';
import { specOf } from '../grammar/command-table.ts';
import { parseCommand, type Command, type ParsedCommand } from '../grammar/parse-command.ts';
import { refuse } from './refuse.ts';

export type CommentEvent = Extract<GitHubEvent, { kind: 'comment' }>;

const MAX_REPLY_CHARS = 60_000;

/** `project` is undefined where the App is installed but nothing is configured. `isRetry`: an earlier try may have got far. */
export async function handleComment(
  deps: BotDeps,
  event: CommentEvent,
  project: ProjectConfig | undefined,
  isRetry: boolean,
): Promise<void> {
  const { prompt } = deps.settings;
  const parsed = commandLines(event.comment.body, prompt).map(({ text }) => parseCommand(text, prompt));
  if (parsed.length === 0) return;
  if (event.author.isBot && (project?.quotas?.runsPerBotPerDay ?? 0) === 0)
    return deps.log.info('a bot wrote a command', { login: event.author.login });
  const { repository, comment } = event;
  await Promise.all([
    deps.runs.countUpTo(
      counterKeys.handled(repository.id, comment.id),
      1,
      deps.nowMs() + 2 * 24 * 60 * 60_000,
    ),
    answerComment(deps, event, project, parsed, isRetry),
  ]);
}

async function answerComment(
  deps: BotDeps,
  event: CommentEvent,
  project: ProjectConfig | undefined,
  parsed: readonly ParsedCommand[],
  isRetry: boolean,
): Promise<void> {
  const gitHub = deps.gitHubOf(event.installationId);
  const react = reactor(deps, gitHub, event);
  const refusal = !project
    ? notConfigured(event)
    : !event.onPullRequest
      ? 'Perf Bot measures pull requests; this is an issue.'
      : undefined;
  if (refusal !== undefined || !project) {
    await Promise.all([react('confused'), reply(deps, gitHub, event, refusal ?? '', isRetry)]);
    return;
  }
  const answers = await answerAll(deps, gitHub, event, project, parsed, react);
  const reactions = answers.map((answer) => answer.reaction);
  const reaction = reactions.includes('confused') ? 'confused' : (reactions[0] ?? 'eyes');
  const replies = answers.flatMap((answer) => (answer.reply === undefined ? [] : [answer.reply]));
  await Promise.all([
    react(reaction),
    replies.length > 0 ? reply(deps, gitHub, event, replies.join('\n\n---\n\n'), isRetry) : undefined,
  ]);
}

function notConfigured({ repository }: CommentEvent): string {
  return `Perf Bot is installed here but knows no project ${code(repository.fullName)}. Its operator adds one with ${code('perf-bot config apply FILE')}.`;
}

async function answerAll(
  deps: BotDeps,
  gitHub: GitHub,
  event: CommentEvent,
  project: ProjectConfig,
  parsed: readonly ParsedCommand[],
  react: (reaction: Reaction) => Promise<void>,
): Promise<Answer[]> {
  let pull: Promise<PullRequest> | undefined;
  const context: Omit<CommandContext, 'ordinal'> = {
    deps,
    gitHub,
    project,
    repository: event.repository,
    installationId: event.installationId,
    number: event.number,
    person: event.author,
    trigger: {
      kind: 'comment',
      id: String(event.comment.id),
      commentId: event.comment.id,
      atMs: event.comment.createdAtMs,
    },
    pull: () => (pull ??= gitHub.getPullRequest(event.repository, event.number)),
    seen: () => void react('eyes'),
  };
  const answers: Answer[] = [];
  for (const [ordinal, one] of parsed.entries()) answers.push(await answerOne({ ...context, ordinal }, one));
  return answers;
}

async function answerOne(context: CommandContext, parsed: ParsedCommand): Promise<Answer> {
  if (parsed.kind === 'problem')
    return (await mayRead(context)) ? { reaction: 'confused', reply: parsed.help } : { reaction: 'confused' };
  try {
    return await carryOut(context, parsed.command);
  } catch (error) {
    if (error instanceof UserError) return { reaction: 'confused', reply: error.message };
    if (error instanceof UpstreamError && !error.retryable) {
      context.deps.log.warn('a command failed at an outside system', { error });
      return { reaction: 'confused', reply: `I could not do that: ${code(error.message, 300)}` };
    }
    throw error;
  }
}

/** Commands that only look are checked here; those that run or decide check for themselves, per job. */
async function carryOut(context: CommandContext, command: Command): Promise<Answer> {
  if (specOf(command.name).right === 'read' && !(await mayRead(context))) {
    return refuse(context, 'a right that this project asks for', accessRulesOf(context.project, undefined));
  }
  return HANDLERS[command.name](context, command);
}

async function mayRead({ gitHub, project, person, repository }: CommandContext): Promise<boolean> {
  return (await checkAccess(gitHub, project, undefined, 'read', person, repository)).allowed;
}

/** Sends each reaction once; a reaction that GitHub refuses is no reason to lose a command. */
function reactor(deps: BotDeps, gitHub: GitHub, event: CommentEvent): (reaction: Reaction) => Promise<void> {
  const sent = new Map<Reaction, Promise<void>>();
  return (reaction) => {
    const known = sent.get(reaction);
    if (known) return known;
    const sending = reactUnlessShort(deps, gitHub, event, reaction);
    sent.set(reaction, sending);
    return sending;
  };
}

/** Where GitHub takes few writes they are kept for what matters more. */
async function reactUnlessShort(
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

async function reply(
  deps: BotDeps,
  gitHub: GitHub,
  event: CommentEvent,
  text: string,
  isRetry: boolean,
): Promise<void> {
  const marker = `<!-- perf-bot:reply ${event.comment.id} -->`;
  const body = `${marker}\n${text.length > MAX_REPLY_CHARS ? `${text.slice(0, MAX_REPLY_CHARS)}\n\n… cut` : text}`;
  const isFirst = await deps.runs.countUpTo(
    counterKeys.replied(event.repository.id, event.comment.id),
    1,
    deps.nowMs() + 14 * 24 * 60 * 60_000,
  );
  if ((isRetry || !isFirst) && (await gitHub.findComment(event.repository, event.number, marker))) return;
  try {
    await gitHub.createComment(event.repository, event.number, body);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.retryable) throw error;
    deps.log.warn('GitHub takes no comment here', { error });
  }
}
