/** `noise JOB`: shows what a job can see, metric by metric: main's spread, the limit at 1, 3 and 5 runs, and how many runs see the change that matters. */
import type { JobDef } from '../projects/project-config.ts';
import { UserError } from '../record/errors.ts';
import type { MainRun } from '../reports/comparable-runs.ts';
import { numberOf } from '../reports/main-history.ts';
import { labelOfMetric } from '../reports/metric-label.ts';
import { noiseOfMain, RUNS_SHOWN, type NoiseOfMain } from '../reports/verdict/noise-of-main.ts';
import { unsigned } from '../reports/words/metric-table.ts';
import type { Command } from '../grammar/parse-command.ts';
import { code, table, words } from '../text/markdown.ts';
import { counted } from '../text/numbers.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { jobNamed } from './find-named.ts';
import { testIdOf, uploadOf } from './horreum-runs.ts';
import { newestOfMain, runsLikeNewest } from './runs-of-main.ts';

const MOST_ROWS = 60;

interface Row {
  readonly title: string;
  readonly dataset: number | undefined;
  readonly noise: NoiseOfMain | undefined;
}

export async function noise(context: CommandContext, command: Command): Promise<Answer> {
  const { jobId, job } = jobNamed(context, command.words[0] ?? '', 'noise');
  const testId = testIdOf(jobId, job);
  const datastore = await context.deps.datastoreOf(context.project, context.repository);
  const [newest, variables] = await Promise.all([
    newestOfMain(datastore, testId, job).then((runId) => uploadOf(datastore, testId, runId)),
    datastore.listVariables(testId),
  ]);
  const own = newest.labels.map(({ values }) => values);
  const labels = own[0] ?? {};
  const named = namesOf(
    job,
    variables.map(({ name }) => name),
  ).flatMap((name) => {
    const label = labelOfMetric(name, variables, labels);
    return label === undefined ? [] : [{ name, label }];
  });
  const wanted = [...new Set(named.map(({ label }) => label))];
  const runs = await runsLikeNewest(datastore, { testId, job, own, labels: wanted });
  const rows = rowsOf(job, runs, named);
  if (rows.length === 0)
    throw new UserError(
      `### ❓ The noise of ${code(jobId)} is not known\nThere are no results of main with a metric that is judged. Run the job on main a few times, and name its metrics in the project file.`,
    );
  const left = rows.length - MOST_ROWS;
  return {
    reaction: 'eyes',
    reply: [
      `### What ${code(jobId)} can see, from ${counted(runs.length, 'run')} of main`,
      tableOf(rows.slice(0, MOST_ROWS)),
      left > 0 ? `${left} more rows have no room here.` : '',
      'A change within the limit can’t be told from noise. Spread: how single runs of main scatter about their newest level.',
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  };
}

/** What the project judges; without any such, all variables of the test. */
function namesOf({ metrics = {} }: JobDef, variables: readonly string[]): readonly string[] {
  const judged = Object.entries(metrics)
    .filter(([, metric]) => metric.policy !== 'info')
    .map(([name]) => name);
  return judged.length > 0 ? judged : variables;
}

function rowsOf(
  job: JobDef,
  runs: readonly MainRun[],
  named: readonly { readonly name: string; readonly label: string }[],
): Row[] {
  const places = runs.at(-1)?.datasets.length ?? 0;
  return named.flatMap(({ name, label }) =>
    Array.from({ length: places }, (_, at): Row => {
      const { title = name, direction = 'lower', threshold = 0 } = job.metrics?.[name] ?? {};
      const history = runs.map(({ datasets }) => numberOf(datasets[at]?.[label]));
      const question = { history, direction, thresholdPercent: threshold, metrics: named.length * places };
      return { title, dataset: places > 1 ? at : undefined, noise: noiseOfMain(question) };
    }),
  );
}

function tableOf(rows: readonly Row[]): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  return table(
    [
      { title: 'Metric', align: 'left' },
      right('Runs of main'),
      right('Spread'),
      ...RUNS_SHOWN.map((runs) => right(`Limit, ${counted(runs, 'run')}`)),
      right('You care about'),
      { title: 'Runs that see it', align: 'left' },
    ],
    rows.map(({ title, dataset, noise: found }) => [
      words(title, 60) + (dataset === undefined ? '' : `, dataset ${dataset}`),
      ...cellsOf(found),
    ]),
  );
}

function cellsOf(found: NoiseOfMain | undefined): string[] {
  if (!found) return ['too few', '', ...RUNS_SHOWN.map(() => ''), '', 'not known yet'];
  const percent = (value: number | null) => (value === null ? 'n/a' : unsigned(value));
  return [
    String(found.runs),
    percent(found.spreadPercent),
    ...RUNS_SHOWN.map((runs) => percent(found.limitPercent[runs])),
    percent(found.careAboutPercent) + (found.careAboutAssumed ? ' (assumed)' : ''),
    found.runsToSee === null ? 'no number up to 50' : String(found.runsToSee),
  ];
}
