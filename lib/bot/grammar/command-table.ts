/** Lists all commands; the parser, the help comment, the README and "Did you mean" come from this one table. */

/** read: only looks. run: starts or stops runs. maintain: decides for others. */
export type CommandRight = 'read' | 'run' | 'maintain';

export interface CommandSpec {
  readonly name: string;
  /** What follows the name; optional arguments in brackets. */
  readonly usage: string;
  readonly does: string;
  readonly right: CommandRight;
  /** The fewest and the most words after the name. */
  readonly words: readonly [least: number, most: number];
  readonly takesPairs: boolean;
  readonly example: string;
}

export const COMMANDS = [
  {
    name: 'help',
    usage: '[COMMAND]',
    does: 'shows this table, or explains one command',
    right: 'read',
    words: [0, 1],
    takesPairs: false,
    example: 'help run',
  },
  {
    name: 'list',
    usage: '',
    does: 'lists the jobs: what they measure, how long they take, their parameters, who may run them',
    right: 'read',
    words: [0, 0],
    takesPairs: false,
    example: 'list',
  },
  {
    name: 'run',
    usage: 'JOB [KEY=VALUE…]',
    does: 'measures this pull request',
    right: 'run',
    words: [1, 2],
    takesPairs: true,
    example: 'run getting-started',
  },
  {
    name: 'plan',
    usage: 'JOB [KEY=VALUE…]',
    does: 'shows what `run` would do, without doing it',
    right: 'read',
    words: [1, 2],
    takesPairs: true,
    example: 'plan getting-started',
  },
  {
    name: 'get',
    usage: 'JOB [RUN|latest]',
    does: 'shows the results of one run; `latest` is this pull request’s, `latest --main` is main’s',
    right: 'read',
    words: [1, 3],
    takesPairs: false,
    example: 'get getting-started latest',
  },
  {
    name: 'compare',
    usage: 'JOB [RUN|latest] [RUN]',
    does: 'compares a run with its baseline, or two runs with each other',
    right: 'read',
    words: [1, 3],
    takesPairs: false,
    example: 'compare getting-started latest',
  },
  {
    name: 'status',
    usage: '[RUN]',
    does: 'shows the runs of this pull request: state, age, links',
    right: 'read',
    words: [0, 1],
    takesPairs: false,
    example: 'status',
  },
  {
    name: 'queue',
    usage: '',
    does: 'shows what is waiting or running at the lab for this project',
    right: 'read',
    words: [0, 0],
    takesPairs: false,
    example: 'queue',
  },
  {
    name: 'cancel',
    usage: '[RUN|all]',
    does: 'stops a run, at the lab too',
    right: 'run',
    words: [0, 1],
    takesPairs: false,
    example: 'cancel',
  },
  {
    name: 'rerun',
    usage: '[RUN|failed]',
    does: 'runs the same again, on the newest commit',
    right: 'run',
    words: [0, 1],
    takesPairs: false,
    example: 'rerun failed',
  },
  {
    name: 'recheck',
    usage: '[RUN]',
    does: 'looks at the lab and Horreum again now',
    right: 'read',
    words: [0, 1],
    takesPairs: false,
    example: 'recheck',
  },
  {
    name: 'approve',
    usage: 'SHA',
    does: 'lets the jobs asked for on a fork’s pull request run for exactly this commit; requests with values of their own come with a line of their own',
    right: 'maintain',
    words: [1, 2],
    takesPairs: true,
    example: 'approve 3f9c2e1b7a6d5c4e3f2a1b0c9d8e7f6a5b4c3d2e',
  },
  {
    name: 'history',
    usage: 'JOB METRIC',
    does: 'draws a metric over the last comparable runs of main',
    right: 'read',
    words: [2, 2],
    takesPairs: false,
    example: 'history getting-started mean_response_time',
  },
  {
    name: 'noise',
    usage: 'JOB',
    does: 'shows how small a change the job can see in each metric',
    right: 'read',
    words: [1, 1],
    takesPairs: false,
    example: 'noise getting-started',
  },
  {
    name: 'explain',
    usage: 'METRIC',
    does: 'shows how a metric was judged: values, noise, rule, limit',
    right: 'read',
    words: [1, 1],
    takesPairs: false,
    example: 'explain mean_response_time',
  },
  {
    name: 'ack',
    usage: 'METRIC "REASON"',
    does: 'accepts a slower metric, with the reason',
    right: 'maintain',
    words: [2, 40],
    takesPairs: false,
    example: 'ack mean_response_time "needed for the fix"',
  },
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof COMMANDS)[number]['name'];

export const COMMAND_NAMES: readonly CommandName[] = COMMANDS.map(({ name }) => name);

export function specOf(name: CommandName): CommandSpec {
  const spec = COMMANDS.find((command) => command.name === name);
  if (!spec) throw new Error(`no such command: ${name}`);
  return spec;
}
