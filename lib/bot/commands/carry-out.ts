/** One command, carried out by the file of its name. */
import { ack } from './ack.ts';
import { approve } from './approve.ts';
import { cancel } from './cancel.ts';
import type { CommandHandler } from './command-context.ts';
import type { CommandName } from '../grammar/command-table.ts';
import { compare } from './compare.ts';
import { explain } from './explain.ts';
import { get } from './get.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { list } from './list.ts';
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
  explain,
  ack,
};
