/** `compare JOB [RUN|latest] [RUN]`: compares an upload with its baseline, or two uploads with each other. */
import { comparedLabels, compareUploads } from '../reports/compare-uploads.ts';
import { counted } from '../text/numbers.ts';
import { code, link, words } from '../text/markdown.ts';
import { metricTables, type TableOptions } from '../reports/words/metric-table.ts';
import type { Report } from '../record/report.ts';
import { readMain, readSources, whyNotShown } from '../runs/read-upload.ts';
import { UserError } from '../record/errors.ts';
import type { Upload } from '../runs/match-upload.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { jobNamed } from './find-named.ts';
import { horreumRunId, testIdOf, reportOf, rulesFor, uploadOf } from './horreum-runs.ts';
import type { Command } from '../grammar/parse-command.ts';

const MAX_TABLE_CHARS = 40_000;

export async function compare(context: CommandContext, command: Command): Promise<Answer> {
  const [name = '', first = 'latest', second] = command.words;
  const { jobId, job } = jobNamed(context, name, 'compare');
  const testId = testIdOf(jobId, job);
  const datastore = await context.deps.datastoreOf(context.project, context.repository);
  const read = async (run: string, ofMain: boolean) =>
    uploadOf(datastore, testId, await horreumRunId(context, datastore, jobId, job, run, ofMain));
  const shown = (upload: Upload) => link(`Horreum run ${upload.run.id}`, datastore.runUrl(upload.run.id));
  if (second === undefined) {
    const upload = await read(first, command.flags.includes('main'));
    const report = await reportOf(context, datastore, job, upload);
    const compared =
      report.baseline === undefined
        ? ', without a baseline to compare with'
        : ` compared with ${words(report.baseline)}`;
    return {
      reaction: 'eyes',
      reply: `### ${code(jobId)}: ${shown(upload)}${compared}\n\n${tablesOf(report, { valueTitle: `Run ${upload.run.id}` })}`,
    };
  }
  const [base, other] = await Promise.all([read(first, false), read(second, false)]);
  const rules = rulesFor(context, job, other);
  for (const upload of [base, other]) {
    const why = whyNotShown(upload, rules);
    if (why !== undefined) throw new UserError(`${why}.`);
  }
  const sources = await readSources(datastore, rules, other);
  const labelsOf = ({ labels }: Upload) => labels.map(({ values }) => values);
  const two = { job, variables: sources.variables, base: labelsOf(base), other: labelsOf(other) };
  const metricLabels = [...new Set(comparedLabels(two).map(({ label }) => label))];
  const main = await readMain(datastore, rules, { upload: other, sources, metricLabels });
  const titles = { baseTitle: `Run ${base.run.id}`, valueTitle: `Run ${other.run.id}` };
  return {
    reaction: 'eyes',
    reply: `### ${code(jobId)}: ${shown(other)} compared with ${shown(base)}\n\n${tablesOf(compareUploads({ ...two, main }), titles)}`,
  };
}

function tablesOf(report: Report, titles: TableOptions): string {
  const { markdown, leftOut } = metricTables(report, MAX_TABLE_CHARS, titles);
  return [
    markdown || 'There are no values to show.',
    leftOut > 0 ? `${counted(leftOut, 'more row')} did not fit here.` : '',
    ...report.notes.map((note) => `- ${words(note)}`),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
