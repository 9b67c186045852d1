/** Compares two uploads with each other, by the noise that main's runs show: two single values differ by more than one does from main's level. */
import type { Variable } from '../../horreum/datastore.ts';
import type { JobDef } from '../projects/project-config.ts';
import type { MetricRow, Report } from '../record/report.ts';
import type { HistoryFound } from './build-report.ts';
import { changeOf, judgeByLimit } from './judge-row.ts';
import { numberOf, type Labels } from './main-history.ts';
import { metricOfLabel } from './metric-label.ts';
import { summarize } from './summarize.ts';
import { fewestRuns, judge, type Judgement } from './verdict/judge.ts';

export interface TwoUploads {
  readonly job: JobDef;
  readonly variables: readonly Variable[];
  /** By ordinal of the datasets. */
  readonly base: readonly Labels[];
  readonly other: readonly Labels[];
  /** Of main's runs that are like the other one. */
  readonly main: HistoryFound;
}

interface Pair {
  readonly label: string;
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Labels that are a number in both. */
export function comparedLabels({ job, variables, base, other }: Omit<TwoUploads, 'main'>): Pair[] {
  return other.flatMap((labels, at) =>
    Object.entries(labels).flatMap(([label, value]): Pair[] => {
      // Text such as a pull request's number counts as a number only where the project says so.
      if (typeof value === 'string' && !metricOfLabel(label, job.metrics, variables).configured) return [];
      const before = numberOf(base[at]?.[label]);
      const after = numberOf(value);
      return before === null || after === null ? [] : [{ label, at, before, after }];
    }),
  );
}

export function compareUploads(uploads: TwoUploads): Report {
  const pairs = comparedLabels(uploads);
  const several = uploads.other.length > 1;
  const rows = pairs.map((pair) => ({
    ...rowOf(uploads, pair, pairs.length),
    ...(several ? { dataset: pair.at } : {}),
  }));
  return summarize(rows, { datasets: uploads.other.length, notes: notesOf(uploads.main) });
}

function notesOf(main: HistoryFound): string[] {
  const unknown = 'these are two single runs, so how much of a difference is noise is unknown';
  if ('history' in main) {
    const { runs } = main.history;
    return [
      runs.length < fewestRuns
        ? unknown
        : `limit and verdict follow from the noise of ${runs.length} comparable runs of main`,
    ];
  }
  return ['incomparable' in main ? main.incomparable : main.noHistory, unknown];
}

function rowOf({ job, variables, main }: TwoUploads, pair: Pair, metrics: number): MetricRow {
  const { name, configured } = metricOfLabel(pair.label, job.metrics, variables);
  const { title = name, unit, direction, threshold } = configured ?? {};
  const { before: baseline, after: value } = pair;
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
  const changePercent = changeOf(baseline, value);
  if (changePercent === undefined) return { ...row, verdict: 'cannot-tell', why: 'The baseline is zero.' };
  const judgement = judge({
    history: 'history' in main ? valuesOf(main.history.runs, pair) : [],
    sample: [value],
    direction: direction ?? 'lower',
    thresholdPercent: threshold ?? 0,
    metrics,
  });
  const noise = noiseOfTwo(judgement, baseline);
  if (!noise) return { ...row, changePercent, verdict: 'cannot-tell', why: judgement.why };
  const limitPercent = Math.max(noise.limitPercent, threshold ?? 0);
  const interval = [changePercent - noise.halfWidth, changePercent + noise.halfWidth] as const;
  const isBeyond = Math.abs(changePercent) > limitPercent;
  const isSame = interval.every((end) => Math.abs(end) <= noise.careAboutPercent);
  const verdict = isBeyond
    ? direction === undefined
      ? 'changed'
      : judgeByLimit(changePercent, limitPercent, direction)
    : isSame
      ? 'same'
      : 'cannot-tell';
  return { ...row, changePercent, limitPercent, interval, runs: noise.runs, verdict };
}

function valuesOf(
  runs: readonly { readonly datasets: readonly Labels[] }[],
  { label, at }: Pair,
): (number | null)[] {
  return runs.map(({ datasets }) => numberOf(datasets[at]?.[label]));
}

/** From one value and a level of n runs to two single values: √(1 + 1/n) becomes √2, in percent of the first. */
function noiseOfTwo({ details }: Judgement, baseline: number) {
  if (!details || details.noiseLimitPercent === null || details.changeIntervalPercent === null)
    return undefined;
  const { runs, levelRuns, careAboutPercent } = details;
  const [low, high] = details.changeIntervalPercent;
  const factor = Math.sqrt(2 / (1 + 1 / levelRuns)) * Math.abs(details.baseline / baseline);
  return {
    runs,
    careAboutPercent,
    limitPercent: details.noiseLimitPercent * factor,
    halfWidth: ((high - low) / 2) * factor,
  };
}
