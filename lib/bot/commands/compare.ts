/** `compare JOB [RUN|latest] [RUN]`: compares an upload with its baseline, or two uploads with each other. */
import type { JobDef } from '../projects/project-config.ts';
import type { Variable } from '../../horreum/datastore.ts';
import { changeOf, judgeByLimit } from '../reports/judge-row.ts';
import { numberOf } from '../reports/main-history.ts';
import { counted } from '../text/numbers.ts';
import { code, link, words } from '../text/markdown.ts';
import { metricOfLabel } from '../reports/metric-label.ts';
import { metricTables, type TableOptions } from '../reports/words/metric-table.ts';
import type { MetricRow, Report } from '../record/report.ts';
import { summarize } from '../reports/summarize.ts';
import type { Upload } from '../runs/match-upload.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { jobNamed } from './find-named.ts';
import { horreumRunId, testIdOf, reportOf, uploadOf } from './horreum-runs.ts';
import type { Command } from '../grammar/parse-command.ts';

const MAX_TABLE_CHARS = 40_000;
const TWO_RUNS = 'these are two single runs, so how much of a difference is noise is unknown';

export async function compare(context: CommandContext, command: Command): Promise<Answer> {
  const [name = '', first = 'latest', second] = command.words;
  const { jobId, job } = jobNamed(context, name, 'compare');
  const testId = testIdOf(jobId, job);
  const datastore = await context.deps.datastoreOf(context.project);
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
  const [base, other, variables] = await Promise.all([
    read(first, false),
    read(second, false),
    datastore.listVariables(testId),
  ]);
  await Promise.all([base, other].map((upload) => reportOf(context, datastore, job, upload)));
  return {
    reaction: 'eyes',
    reply: `### ${code(jobId)}: ${shown(other)} compared with ${shown(base)}\n\n${tablesOf(twoUploads(job, variables, base, other), { baseTitle: `Run ${base.run.id}`, valueTitle: `Run ${other.run.id}` })}`,
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

/** Compares every label that is a number in both. Two single runs say nothing about noise. */
function twoUploads(job: JobDef, variables: readonly Variable[], base: Upload, other: Upload): Report {
  const several = other.labels.length > 1;
  const rows = other.labels.flatMap(({ values }, index) =>
    Object.entries(values).flatMap(([label, value]) => {
      const metric = metricOfLabel(label, job.metrics, variables);
      // Text such as a pull request's number counts as a number only where the project says so.
      if (typeof value === 'string' && !metric.configured) return [];
      const before = numberOf(base.labels[index]?.values[label]);
      const after = numberOf(value);
      if (before === null || after === null) return [];
      return [{ ...rowOf(metric, before, after), ...(several ? { dataset: index } : {}) }];
    }),
  );
  return summarize(rows, { datasets: other.labels.length, notes: [TWO_RUNS] });
}

function rowOf(
  { name, configured }: ReturnType<typeof metricOfLabel>,
  baseline: number,
  value: number,
): MetricRow {
  const { title = name, unit, direction, threshold: limitPercent } = configured ?? {};
  const changePercent = changeOf(baseline, value);
  const row = {
    name,
    title,
    // Nothing depends on it here, so that every metric is visible.
    policy: 'gate' as const,
    baseline,
    value,
    ...(unit === undefined ? {} : { unit }),
    ...(direction === undefined ? {} : { direction }),
  };
  if (changePercent === undefined) return { ...row, verdict: 'cannot-tell', why: 'the baseline is zero' };
  if (limitPercent === undefined)
    return { ...row, changePercent, verdict: changePercent === 0 ? 'same' : 'changed' };
  const isWithin = Math.abs(changePercent) <= limitPercent;
  const verdict =
    direction === undefined
      ? isWithin
        ? 'same'
        : 'changed'
      : judgeByLimit(changePercent, limitPercent, direction);
  return { ...row, changePercent, limitPercent, verdict };
}
