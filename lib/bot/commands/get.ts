/** `get JOB [RUN|latest]`: shows the results of one upload. */
import { counted } from '../text/numbers.ts';
import { code, link, words } from '../text/markdown.ts';
import { metricTables } from '../reports/words/metric-table.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { jobNamed } from './find-named.ts';
import { horreumRunId, testIdOf, reportOf, uploadOf } from './horreum-runs.ts';
import type { Command } from '../grammar/parse-command.ts';

const MAX_TABLE_CHARS = 40_000;

export async function get(context: CommandContext, command: Command): Promise<Answer> {
  const [name = '', run = 'latest'] = command.words;
  const { jobId, job } = jobNamed(context, name, 'get');
  const testId = testIdOf(jobId, job);
  const datastore = await context.deps.datastoreOf(context.project, context.repository);
  const runId = await horreumRunId(context, datastore, jobId, job, run, command.flags.includes('main'));
  const upload = await uploadOf(datastore, testId, runId);
  const report = await reportOf(context, datastore, job, upload);
  const tables = metricTables(report, MAX_TABLE_CHARS, { valueTitle: `Run ${runId}` });
  const left = tables.leftOut > 0 ? `\n\n${counted(tables.leftOut, 'more row')} did not fit here.` : '';
  const base = report.baseline === undefined ? '' : `Baseline: ${words(report.baseline)}.\n\n`;
  return {
    reaction: 'eyes',
    reply: `### Results of ${code(jobId)}, ${link(`Horreum run ${runId}`, datastore.runUrl(runId))}\n\n${base}${tables.markdown || 'The view of this test shows no values.'}${left}`,
  };
}
