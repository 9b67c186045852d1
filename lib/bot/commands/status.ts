/** `status [RUN]`: shows the runs of this pull request with state, age and links. */
import type { Command } from '../grammar/parse-command.ts';
import type { JobRun } from '../record/job-run.ts';
import { shortKey } from '../record/run-key.ts';
import { runSection } from '../reports/words/run-section.ts';
import { headlineOf } from '../reports/words/headline.ts';
import { code, link, table } from '../text/markdown.ts';
import { formatDuration } from '../text/numbers.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { noRunsYet, runNamed, runsOfPullRequest } from './find-named.ts';

export async function status(context: CommandContext, command: Command): Promise<Answer> {
  const { deps } = context;
  const nowMs = deps.nowMs();
  const runs = await runsOfPullRequest(context);
  const [name] = command.words;
  if (name === undefined) {
    const reply =
      runs.length === 0
        ? noRunsYet(context).message
        : `### Runs of this pull request\n\n${runTable(runs.slice(0, 20), nowMs)}`;
    return { reaction: 'eyes', reply };
  }
  const run = runNamed(runs, name);
  return {
    reaction: 'eyes',
    reply: runSection(run, {
      prompt: deps.settings.prompt,
      nowMs,
      durationsMs: await deps.runs.durations(run.projectId, run.jobId),
      maxTableChars: 20_000,
    }),
  };
}

export function runTable(runs: readonly JobRun[], nowMs: number): string {
  const columns = ['Run', 'State', 'Commit', 'Age', 'Links'].map((title) => ({
    title,
    align: 'left' as const,
  }));
  return table(
    columns,
    runs.map((run) => {
      const { icon, text } = headlineOf(run, nowMs);
      const links = [
        run.platformRun.ref?.url === undefined ? '' : link('lab', run.platformRun.ref.url),
        run.horreum?.url === undefined ? '' : link('Horreum', run.horreum.url),
      ];
      return [
        code(shortKey(run.runKey)),
        `${icon} ${text}`,
        code(run.headSha.slice(0, 7)),
        formatDuration(nowMs - run.createdAtMs),
        links.filter((one) => one !== '').join(' '),
      ];
    }),
  );
}
