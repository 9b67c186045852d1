/** `history JOB METRIC`: draws the last comparable runs of main. */
import type { Datastore, Variable } from '../../horreum/datastore.ts';
import { UserError } from '../record/errors.ts';
import type { JobDef } from '../projects/project-config.ts';
import { mermaidChart, sparkline } from '../reports/words/charts.ts';
import type { MainRun } from '../reports/comparable-runs.ts';
import { numberOf, type Labels } from '../reports/main-history.ts';
import { code, details, link, table, words } from '../text/markdown.ts';
import { labelOfMetric, metricOfLabel } from '../reports/metric-label.ts';
import { formatValue, scaleOf } from '../text/numbers.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { jobNamed } from './find-named.ts';
import { testIdOf, uploadOf } from './horreum-runs.ts';
import { newestOfMain, runsLikeNewest } from './runs-of-main.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Command } from '../grammar/parse-command.ts';

const RUNS_DRAWN = 30;
const MOST_DATASETS_DRAWN = 4;

interface Point {
  readonly runId: number;
  readonly value: number;
}

export async function history(context: CommandContext, command: Command): Promise<Answer> {
  const [name = '', asked = ''] = command.words;
  const { jobId, job } = jobNamed(context, name, 'history');
  const testId = testIdOf(jobId, job);
  const datastore = await context.deps.datastoreOf(context.project, context.repository);
  const [newest, variables] = await Promise.all([
    newestOfMain(datastore, testId, job).then((runId) => uploadOf(datastore, testId, runId)),
    datastore.listVariables(testId),
  ]);
  const own = newest.labels.map(({ values }) => values);
  const labels = own[0] ?? {};
  const label = labelOfMetric(metricNamed(asked, job), variables, labels);
  const runs =
    label === undefined ? [] : await runsLikeNewest(datastore, { testId, job, own, labels: [label] });
  const drawn = Array.from({ length: runs.at(-1)?.datasets.length ?? 0 }, (_, at) => ({
    at,
    points: label === undefined ? [] : pointsOf(runs, at, label).slice(-RUNS_DRAWN),
  })).filter(({ points }) => points.length > 0);
  if (label === undefined || drawn.length === 0) throw new UserError(nothingToDraw(asked, labels, variables));
  const { name: known, configured } = metricOfLabel(label, job.metrics, variables);
  const title = configured?.title ?? known;
  const several = (runs.at(-1)?.datasets.length ?? 1) > 1;
  const parts = drawn.slice(0, MOST_DATASETS_DRAWN).map(({ at, points }) => {
    const place = several ? `, dataset ${at}` : '';
    return drawnPart(datastore, jobId, title, place, configured?.unit, points);
  });
  const more = drawn.length - parts.length;
  const left = more > 0 ? `${more} more dataset${more === 1 ? ' is' : 's are'} not drawn.` : '';
  return { reaction: 'eyes', reply: [...parts, left].filter((part) => part !== '').join('\n\n') };
}

/** Tables show titles, so a metric can be named by its title too. */
function metricNamed(asked: string, { metrics = {} }: JobDef): string {
  return (
    Object.entries(metrics).find(([, { title }]) => title?.toLowerCase() === asked.toLowerCase())?.[0] ??
    asked
  );
}

function pointsOf(runs: readonly MainRun[], at: number, label: string): Point[] {
  return runs.flatMap(({ runId, datasets }) => {
    const value = numberOf(datasets[at]?.[label]);
    return value === null ? [] : [{ runId, value }];
  });
}

function drawnPart(
  datastore: Datastore,
  jobId: string,
  title: string,
  place: string,
  unit: string | undefined,
  points: readonly Point[],
): string {
  const values = points.map(({ value }) => value);
  const scale = scaleOf(values.at(-1) ?? 0, unit);
  const numbers = table(
    [
      { title: 'Run, newest first', align: 'left' },
      { title: words(title, 60), align: 'right' },
    ],
    points
      .toReversed()
      .map(({ runId, value }) => [
        link(`Horreum run ${runId}`, datastore.runUrl(runId)),
        formatValue(value, unit, 4, values.at(-1)),
      ]),
  );
  return [
    `### ${words(title, 80)} of ${code(jobId)}${place}, ${points.length === 1 ? 'the only run' : `last ${points.length} runs`} of main: ${code(sparkline(values))}`,
    mermaidChart({
      title: title + place,
      unit: scale.name,
      values: values.map((value) => value / scale.size),
      limits: [],
      lastName: 'the newest run',
    }),
    details('Numbers', numbers),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function nothingToDraw(asked: string, labels: Labels, variables: readonly Variable[]): string {
  const numeric = Object.entries(labels).filter(([, value]) => numberOf(value) !== null);
  const known = [...variables.map(({ name }) => name), ...numeric.map(([label]) => label)];
  const list = known
    .slice(0, 20)
    .map((one) => code(one))
    .join(' · ');
  const computed = variables.some(({ name }) => name === asked)
    ? 'Horreum computes it from other labels, or no run of main has a number there. '
    : '';
  return `### ❓ There is no history of ${code(asked, 80)}\n${computed}${didYouMean(asked, known)}${list === '' ? 'There are no results of main yet.' : `Metrics: ${list}`}`;
}
