/** The commands and their help in one table of declarations; each leads to one function. Exit codes: 0 done, 1 refused or problems found, 2 wrong use. */
import { Command, CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { createContext, type CliContext, type GlobalOptions } from './cli-context.ts';
import type { CliIo } from './cli-io.ts';
import { applyConfig, listConfigs, removeConfig, showConfig, type ApplyOptions } from './commands/config.ts';
import { runDoctor } from './commands/doctor.ts';
import { listDeadLetters, listRuns, replayDeadLetters, retryRun, showRun } from './commands/runs.ts';
import { setUp, type SetUpOptions } from './commands/setup.ts';
import { connect, printHorreumUrl, printPerflabUrl } from './commands/urls.ts';
import { plain } from './show.ts';
import { runVerdictCommand } from './verdict-command.ts';

const WHERE = `
By default it talks to the bot that \`npm run dev\` started here (PORT, DATA_DIR; .env is read). For a deployment give its
URL (the stack prints it as ConfigUrl) with --api or PERF_BOT_API_URL, and AWS credentials in the environment.

Exit codes: 0 done · 1 refused, or problems were found · 2 wrong use`;

/** The exit code. Never throws for what a person can put right. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, (code) => (exitCode = code));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help that was asked for is no mistake; help in answer to a missing command is.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) throw error;
    if (args.includes('--json'))
      io.stdout.write(`${JSON.stringify({ ok: false, error: error.message, ...error.details })}\n`);
    io.stderr.write(`${plain(error.message)}\n`);
    return error.exitCode;
  }
}

export function createProgram(io: CliIo, exitWith: (code: number) => void): Command {
  const program = new Command('perf-bot')
    .description('Operates Perf Bot: sets it up, configures projects, and finds out what is wrong.')
    .option('--json', 'the result as JSON on stdout')
    .option('--api <url>', 'the bot to talk to (default: PERF_BOT_API_URL, else the local one)')
    .addHelpText('after', WHERE)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    .showHelpAfterError('(perf-bot --help shows how it is used)')
    .exitOverride();

  /** Hands a command its context, and keeps the exit code that it answers with. */
  const act =
    <Given extends unknown[]>(run: (context: CliContext, ...given: Given) => Promise<number | void>) =>
    async (...given: [...Given, Command]) => {
      const options = program.opts<GlobalOptions>();
      const code = await run(createContext(io, options), ...(given.slice(0, -1) as Given));
      exitWith(code ?? 0);
    };

  program
    .command('setup')
    .description('register the GitHub App in a browser and store its id, key and webhook secret')
    .option('--org <name>', 'the organization that shall own the App (default: you)')
    .option('--name <name>', 'its name, which must be new at GitHub', 'Perf Bot')
    .option('--public-url <url>', 'where GitHub reaches the bot (default: --api, else PUBLIC_URL)')
    .option('--teams', 'may read teams: for authorizedTeams')
    .option('--actions', 'may start workflows: for labs on GitHub Actions')
    .option('--no-webhook', 'GitHub does not reach the bot: events come through a broker')
    .option('--aws', 'store into AWS Secrets Manager (default where --api names a deployment)')
    .option('--stack <name>', 'the stack whose secrets are filled', 'perf-bot')
    .option('--env-file <path>', 'where it is stored otherwise', '.env')
    .option('--replace', 'although an App is stored already')
    .option('--port <number>', 'of the page on this machine', '0')
    .option('--no-open', 'only print the address of the page')
    .action(act((context, options: SetUpOptions) => setUp(context, options)));

  const config = program.command('config').description('the projects');
  config
    .command('apply <file>')
    .description(
      'try every connection of a project file (YAML or JSON) and store it; keys go to the secret store',
    )
    .option('--skip-checks', 'store it although connections fail')
    .option('--if-version <number>', 'only if that is the stored version')
    .action(act((context, file: string, options: ApplyOptions) => applyConfig(context, file, options)));
  config.command('list').description('all projects').action(act(listConfigs));
  config
    .command('show <owner/repo>')
    .description('one project, its secrets masked')
    .action(act((context, repository: string) => showConfig(context, repository)));
  config
    .command('remove <owner/repo>')
    .description('remove a project and its keys, and end its runs')
    .option('--yes', 'do not ask')
    .action(
      act((context, repository: string, options: { yes?: boolean }) =>
        removeConfig(context, repository, options),
      ),
    );

  const horreum = program.command('horreum').description('what Horreum reports to');
  horreum
    .command('url <owner/repo> <job>')
    .description(
      'print the URL to register at Horreum for the job’s test; it holds a token: treat it as a secret',
    )
    .option('--event <name>', 'what Horreum shall report', 'dataset_labels/computed')
    .action(
      act((context, repository: string, job: string, options: { event: string }) =>
        printHorreumUrl(context, repository, job, options),
      ),
    );
  horreum
    .command('connect <owner/repo> [job]')
    .description('register that URL at Horreum and remove ours that are out of date; again after a rotation')
    .action(act((context, repository: string, job: string | undefined) => connect(context, repository, job)));

  program
    .command('perflab')
    .description('what a PerfLab reports to')
    .command('url <owner/repo>')
    .description('print the URL to which a job posts that it ended; it holds a token: treat it as a secret')
    .option('--signed', 'the URL without a token, and the secret to sign with')
    .action(
      act((context, repository: string, options: { signed?: boolean }) =>
        printPerflabUrl(context, repository, options),
      ),
    );

  program
    .command('doctor [owner/repo]')
    .description('try everything: App, webhook, queues, dead letters, and each project’s lab and Horreum')
    .action(act((context, repository: string | undefined) => runDoctor(context, repository)));

  const runs = program.command('runs').description('what is measured');
  runs
    .command('list [owner/repo]')
    .description('the open runs, or all of one pull request')
    .option('--pr <number>', 'of this pull request, ended ones too')
    .action(
      act((context, repository: string | undefined, options: { pr?: string }) =>
        listRuns(context, repository, options),
      ),
    );
  runs
    .command('show <run>')
    .description('everything that is known of a run')
    .action(act((context, runKey: string) => showRun(context, runKey)));
  runs
    .command('retry <run>')
    .description('look at the lab, Horreum and GitHub again now; starts no job')
    .action(act((context, runKey: string) => retryRun(context, runKey)));

  const dlq = program.command('dlq').description('messages that nobody could carry out');
  dlq.command('list').description('all of them').action(act(listDeadLetters));
  dlq
    .command('replay [message]')
    .description('send one again; harmless if it had got far')
    .option('--all', 'send all again')
    .action(
      act((context, message: string | undefined, options: { all?: boolean }) =>
        replayDeadLetters(context, message, options),
      ),
    );

  program
    .command('verdict')
    .description(
      'judge samples: a question as JSON on each line of stdin, its verdict on each line of stdout',
    )
    .action(act(() => runVerdictCommand(io.stdin, io.stdout)));
  return program;
}
