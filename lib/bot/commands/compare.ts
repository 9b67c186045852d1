/** `compare JOB [RUN|latest] [RUN]`: an upload against its baseline, or two uploads against each other. */
import type { JobDef } from '../projects/project-config.ts';
import { changeOf } from '../reports/judge-row.ts';
import { numberOf } from '../reports/main-history.ts';
import { code, link, words } from '../reports/markdown.ts';
import { metricTables } from '../reports/metric-table.ts';
import type { MetricRow, Report } from '../reports/report.ts';
import { summarize } from '../reports/summarize.ts';
import type { Upload } from '../runs/match-upload.ts';
import { findJob, type Answer, type CommandContext } from './command-context.ts';
import { horreumRunId, mustHaveStore, reportOf, uploadOf } from './horreum-runs.ts';
import type { Command } from './parse-command.ts';

const MAX_TABLE_CHARS = 40_000;

export async function compare(context: CommandContext, command: Command): Promise<Answer> {
  const [name = '', first = 'latest', second] = command.words;
  const { jobId, job } = findJob(context, name, 'compare');
  const testId = mustHaveStore(jobId, job);
  const datastore = await context.deps.datastoreOf(context.project);
  const read = async (run: string, ofMain: boolean) =>
    uploadOf(datastore, testId, await horreumRunId(context, datastore, jobId, job, run, ofMain));
  const shown = (upload: Upload) => link(`Horreum run ${upload.run.id}`, datastore.runUrl(upload.run.id));
  if (second === undefined) {
    const upload = await read(first, command.flags.includes('main'));
    const report = await reportOf(context, datastore, job, upload);
    const held =
      report.baseline === undefined ? 'nothing to compare with' : `against ${words(report.baseline)}`;
    return { reaction: 'eyes', reply: `### ${code(jobId)}: ${shown(upload)} ${held}\n\n${tablesOf(report)}` };
  }
  const [base, other] = await Promise.all([read(first, false), read(second, false)]);
  await Promise.all([base, other].map((upload) => reportOf(context, datastore, job, upload)));
  return {
    reaction: 'eyes',
    reply: `### ${code(jobId)}: ${shown(other)} against ${shown(base)}\n\n${tablesOf(twoUploads(job, base, other))}`,
  };
}

function tablesOf(report: Report): string {
  const { markdown, leftOut } = metricTables(report, MAX_TABLE_CHARS);
  return [
    markdown || 'There are no values to show.',
    leftOut > 0 ? `${leftOut} more rows had no room here.` : '',
    ...report.notes.map((note) => `- ${words(note)}`),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Every label that is a number in both, held against each other; two single runs say nothing of the noise. */
function twoUploads(job: JobDef, base: Upload, other: Upload): Report {
  const rows = other.labels.flatMap(({ values }, index) =>
    Object.entries(values).flatMap(([label, value]) => {
      const before = numberOf(base.labels[index]?.values[label]);
      const after = numberOf(value);
      return before === null || after === null ? [] : [rowOf(job, label, before, after)];
    }),
  );
  return summarize(rows, { datasets: other.labels.length, notes: [] });
}

function rowOf(job: JobDef, label: string, baseline: number, value: number): MetricRow {
  const configured = job.metrics?.[label];
  const changePercent = changeOf(baseline, value);
  const row = {
    name: label,
    title: configured?.title ?? label,
    // Nothing hangs on it here, so every metric stands in sight.
    policy: 'gate' as const,
    baseline,
    value,
    ...(configured?.unit === undefined ? {} : { unit: configured.unit }),
    ...(configured?.direction === undefined ? {} : { direction: configured.direction }),
  };
  if (changePercent === undefined) return { ...row, verdict: 'cannot-tell', why: 'the baseline is zero' };
  const limitPercent = configured?.threshold;
  if (limitPercent === undefined)
    return { ...row, changePercent, verdict: changePercent === 0 ? 'same' : 'changed' };
  const verdict =
    Math.abs(changePercent) <= limitPercent
      ? 'same'
      : configured?.direction === undefined
        ? 'changed'
        : changePercent > 0 === (configured.direction === 'higher')
          ? 'better'
          : 'worse';
  return { ...row, changePercent, limitPercent, verdict };
}
