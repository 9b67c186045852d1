/** `history JOB METRIC`: the last comparable runs of main, drawn. */
import { UserError } from '../errors.ts';
import { mermaidChart, sparkline } from '../reports/chart.ts';
import { mainValues, numberOf } from '../reports/main-history.ts';
import { code, details, table, words } from '../reports/markdown.ts';
import { formatValue, scaleOf } from '../reports/numbers.ts';
import { findJob, type Answer, type CommandContext } from './command-context.ts';
import { mustHaveStore } from './horreum-runs.ts';
import { nearest } from './nearest.ts';
import type { Command } from './parse-command.ts';

const RUNS_DRAWN = 30;

export async function history(context: CommandContext, command: Command): Promise<Answer> {
  const [name = '', metric = ''] = command.words;
  const { jobId, job } = findJob(context, name, 'history');
  const testId = mustHaveStore(jobId, job);
  const datastore = await context.deps.datastoreOf(context.project);
  const [datasets, variables] = await Promise.all([
    datastore.testLabelValues(testId, 200),
    datastore.listVariables(testId),
  ]);
  const label = variables.find((variable) => variable.name === metric)?.labels[0] ?? metric;
  const recent = mainValues(datasets, job.history);
  const points = recent.flatMap(({ runId, values }) => {
    const value = numberOf(values[label]);
    return value === null ? [] : [{ runId, value }];
  });
  if (points.length === 0) {
    const numeric = Object.entries(recent[0]?.values ?? datasets[0]?.values ?? {})
      .filter(([, value]) => numberOf(value) !== null)
      .map(([known]) => known);
    const known = [...variables.map((variable) => variable.name), ...numeric];
    const near = nearest(metric, known);
    throw new UserError(
      `### ❓ No history of ${code(metric, 80)}\n${near === undefined ? '' : `Did you mean ${code(near)}? `}Metrics: ${known
        .slice(0, 20)
        .map((one) => code(one))
        .join(' · ')}`,
    );
  }
  const drawn = points.slice(0, RUNS_DRAWN).reverse();
  const unit = job.metrics?.[label]?.unit ?? job.metrics?.[metric]?.unit;
  const values = drawn.map(({ value }) => value);
  const scale = scaleOf(values.at(-1) ?? 0, unit);
  const rows = [...drawn]
    .reverse()
    .map(({ runId, value }) => [`Horreum run ${runId}`, formatValue(value, unit)]);
  const numbers = table(
    [
      { title: 'Run, newest first', align: 'left' },
      { title: words(metric, 60), align: 'right' },
    ],
    rows,
  );
  const reply = [
    `### ${words(metric, 80)} of ${code(jobId)}, last ${drawn.length} runs of main: ${code(sparkline(values))}`,
    mermaidChart({
      title: metric,
      unit: scale.name,
      values: values.map((value) => value / scale.size),
      limits: [],
      lastName: 'the newest run',
    }),
    details('Numbers', numbers),
  ];
  return { reaction: 'eyes', reply: reply.filter((part) => part !== '').join('\n\n') };
}
