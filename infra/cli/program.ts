/** Declares the commands with their help; each leads to one function. Exit codes: 0 done, 1 refused or problems found, 2 wrong use. */
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
By default it talks to the bot that \`npm run dev\` started here (it reads PORT and DATA_DIR, also from .env). For a deployment,
pass its URL (the stack's output ConfigUrl) with --api or PERF_BOT_API_URL, and AWS credentials in the environment.

Exit codes: 0 done · 1 refused, or problems were found · 2 wrong use`;

/** Returns the exit code. Never throws for what a person can put right. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, (code) => (exitCode = code));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help that was asked for is not a mistake; help in answer to a missing command is.
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
    .description('Operate Perf Bot: set it up, configure projects, and find out what is wrong.')
    .option('--json', 'print the result as JSON')
    .option('--api <url>', 'the bot to talk to (default: PERF_BOT_API_URL, else the local one)')
    .addHelpText('after', WHERE)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    .showHelpAfterError('(see perf-bot --help)')
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
    .option('--org <name>', 'the organization that owns the App (default: your account)')
    .option('--name <name>', 'the App’s name, which must be new on GitHub', 'Perf Bot')
    .option('--public-url <url>', 'where GitHub reaches the bot (default: --api, else PUBLIC_URL)')
    .option('--teams', 'let the App read teams, for authorizedTeams')
    .option('--actions', 'let the App start workflows, for labs on GitHub Actions')
    .option('--no-webhook', 'without a webhook, if events come through a broker')
    .option('--aws', 'store in AWS Secrets Manager (default if --api names a deployment)')
    .option('--stack <name>', 'the stack whose secrets are set', 'perf-bot')
    .option('--env-file <path>', 'the file to store in otherwise', '.env')
    .option('--replace', 'replace an App that is already stored')
    .option('--port <number>', 'the port of the page on this machine (0: any)', '0')
    .option('--no-open', 'print the page’s address only')
    .action(act((context, options: SetUpOptions) => setUp(context, options)));

  const config = program.command('config').description('manage projects');
  config
    .command('apply <file>')
    .description(
      'check every connection of a project file (YAML or JSON), then store it; keys go to the secret store',
    )
    .option('--skip-checks', 'store it without checking connections')
    .option('--if-version <number>', 'store it only if this is the stored version')
    .action(act((context, file: string, options: ApplyOptions) => applyConfig(context, file, options)));
  config.command('list').description('list all projects').action(act(listConfigs));
  config
    .command('show <owner/repo>')
    .description('show one project, its secrets masked')
    .action(act((context, repository: string) => showConfig(context, repository)));
  config
    .command('remove <owner/repo>')
    .description('remove a project and its keys, and end its runs')
    .option('--yes', 'do not ask for confirmation')
    .action(
      act((context, repository: string, options: { yes?: boolean }) =>
        removeConfig(context, repository, options),
      ),
    );

  const horreum = program.command('horreum').description('connect Horreum');
  horreum
    .command('url <owner/repo> <job>')
    .description(
      'print the URL to register at Horreum for the job’s test; it contains a token, so treat it as a secret',
    )
    .option('--event <name>', 'the event that Horreum reports', 'dataset_labels/computed')
    .action(
      act((context, repository: string, job: string, options: { event: string }) =>
        printHorreumUrl(context, repository, job, options),
      ),
    );
  horreum
    .command('connect <owner/repo> [job]')
    .description(
      'register that URL at Horreum and remove the bot’s out-of-date ones; run it again after a rotation',
    )
    .action(act((context, repository: string, job: string | undefined) => connect(context, repository, job)));

  program
    .command('perflab')
    .description('connect a PerfLab')
    .command('url <owner/repo>')
    .description(
      'print the URL that a job posts to when it ends; it contains a token, so treat it as a secret',
    )
    .option('--signed', 'print the URL without a token, and the secret to sign with')
    .action(
      act((context, repository: string, options: { signed?: boolean }) =>
        printPerflabUrl(context, repository, options),
      ),
    );

  program
    .command('doctor [owner/repo]')
    .description('check everything: App, webhook, queues, dead letters, and each project’s lab and Horreum')
    .action(act((context, repository: string | undefined) => runDoctor(context, repository)));

  const runs = program.command('runs').description('manage runs');
  runs
    .command('list [owner/repo]')
    .description('list the open runs, or all runs of one pull request')
    .option('--pr <number>', 'list the runs of this pull request, including ended ones')
    .action(
      act((context, repository: string | undefined, options: { pr?: string }) =>
        listRuns(context, repository, options),
      ),
    );
  runs
    .command('show <run>')
    .description('show everything that is known about a run')
    .action(act((context, runKey: string) => showRun(context, runKey)));
  runs
    .command('retry <run>')
    .description('look at the lab, Horreum and GitHub again now; this starts no job')
    .action(act((context, runKey: string) => retryRun(context, runKey)));

  const dlq = program.command('dlq').description('manage dead letters: messages that could not be handled');
  dlq.command('list').description('list all dead letters').action(act(listDeadLetters));
  dlq
    .command('replay [message]')
    .description('send one again; this is safe even if it was partly handled')
    .option('--all', 'send all of them again')
    .action(
      act((context, message: string | undefined, options: { all?: boolean }) =>
        replayDeadLetters(context, message, options),
      ),
    );

  program
    .command('verdict')
    .description(
      'judge samples: read one question as JSON per line of stdin, write one verdict per line of stdout',
    )
    .action(act(() => runVerdictCommand(io.stdin, io.stdout)));
  return program;
}
