/** Carries out one command by the file of its name, and turns what went wrong into an answer. */
import { UpstreamError } from '../../http/upstream-error.ts';
import { specOf, type CommandName } from '../grammar/command-table.ts';
import type { ParsedCommand } from '../grammar/parse-command.ts';
import { accessRulesOf } from '../projects/access.ts';
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import { ack } from './ack.ts';
import { approve } from './approve.ts';
import { cancel } from './cancel.ts';
import type { Answer, CommandContext, CommandHandler } from './command-context.ts';
import { compare } from './compare.ts';
import { explain } from './explain.ts';
import { get } from './get.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { mayRead, refuse } from './job-rights.ts';
import { list } from './list.ts';
import { noise } from './noise.ts';
import { plan } from './plan.ts';
import { queue } from './queue.ts';
import { recheck } from './recheck.ts';
import { rerun } from './rerun.ts';
import { run } from './run.ts';
import { status } from './status.ts';

export const HANDLERS: Readonly<Record<CommandName, CommandHandler>> = {
  help,
  list,
  run,
  plan,
  get,
  compare,
  status,
  queue,
  cancel,
  rerun,
  recheck,
  approve,
  history,
  noise,
  explain,
  ack,
};

/** Only the right to read is checked here: commands that start, stop or decide check their right for each job. */
export async function answerCommand(context: CommandContext, parsed: ParsedCommand): Promise<Answer> {
  if (parsed.kind === 'problem')
    return (await mayRead(context)) ? { reaction: 'confused', reply: parsed.help } : { reaction: 'confused' };
  const { command } = parsed;
  try {
    if (specOf(command.name).right === 'read' && !(await mayRead(context)))
      return await refuse(context, {
        missing: 'a right that this project asks for',
        rules: accessRulesOf(context.project, undefined),
      });
    return await HANDLERS[command.name](context, command);
  } catch (error) {
    if (error instanceof UserError) return { reaction: 'confused', reply: error.message };
    if (error instanceof UpstreamError && !error.retryable) {
      context.deps.log.warn('a command failed at an outside system', { error });
      return { reaction: 'confused', reply: `That did not work: ${code(error.message, 300)}` };
    }
    throw error;
  }
}
