/** The figures that the verdict is held to, counted over trials. */
import type { Judgement } from '../../lib/bot/reports/verdict/judge.ts';
import type { Outcome } from './trial.ts';

/** Percentages, but for the limit, which is a ratio; NaN where no trial counts. */
export interface Figures {
  /** Alarms without effect: one metric alone, ten runs of history or more. */
  readonly falseAlarms: number;
  /** The same with five runs. */
  readonly falseAlarmsFiveRuns: number;
  /** Reports of 20 metrics with at least one false alarm, if the metrics are independent. */
  readonly falseAlarmsReport: number;
  /** An effect of twice the least tellable, called better or worse rightly, from 20 runs on. */
  readonly found: number;
  /** A harmful effect of twice the limit that was stated, called worse. */
  readonly told: number;
  readonly wrongWay: number;
  /** A harmful effect of what the project cares about, called unchanged. */
  readonly greenWrongly: number;
  /** Metrics without effect called unchanged, where the project cares about twice the stated limit or more. */
  readonly green: number;
  /** Metrics without effect of which nothing can be told: where the stated limit is below what the project cares about, and all. */
  readonly undecidedInReach: number;
  readonly undecided: number;
  /** The stated limit over the best possible: the median, from 20 runs and three samples on. */
  readonly limitRatio: number;
}

export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const long = outcomes.filter(({ runs }) => runs >= 20);
  const alone = outcomes.filter(({ metrics }) => metrics === 1);
  const inReport = outcomes.filter(({ metrics }) => metrics === 20);
  const perMetric = percent(inReport, ({ quiet }) => isAlarm(quiet)) / 100;
  return {
    falseAlarms: percent(
      alone.filter(({ runs }) => runs > 5),
      ({ quiet }) => isAlarm(quiet),
    ),
    falseAlarmsFiveRuns: percent(
      alone.filter(({ runs }) => runs === 5),
      ({ quiet }) => isAlarm(quiet),
    ),
    falseAlarmsReport: 100 * (1 - (1 - perMetric) ** 20),
    found: percent(long, ({ changed, truth }) => changed.verdict === truth),
    told: percent(
      outcomes.filter(({ quiet, harmIsPossible }) => quiet.limitPercent !== null && harmIsPossible),
      ({ twiceStated }) => twiceStated.verdict === 'worse',
    ),
    wrongWay: percent(outcomes, ({ changed, truth }) => isAlarm(changed) && changed.verdict !== truth),
    greenWrongly: percent(outcomes, ({ caredAbout }) => caredAbout.verdict === 'same'),
    green: percent(
      outcomes.filter(
        ({ quiet: { details }, careAboutPercent }) =>
          2 * (details?.noiseLimitPercent ?? Infinity) <= careAboutPercent,
      ),
      ({ quiet }) => quiet.verdict === 'same',
    ),
    undecidedInReach: percent(
      outcomes.filter(
        ({ quiet: { details }, careAboutPercent }) =>
          (details?.noiseLimitPercent ?? Infinity) < careAboutPercent,
      ),
      ({ quiet }) => quiet.verdict === 'cannot-tell',
    ),
    undecided: percent(outcomes, ({ quiet }) => quiet.verdict === 'cannot-tell'),
    limitRatio: median(
      long
        .filter(({ samples }) => samples >= 3)
        .map(({ quiet, bestLimitPercent }) => (quiet.limitPercent ?? Infinity) / bestLimitPercent),
    ),
  };
}

const isAlarm = ({ verdict }: Judgement): boolean => verdict === 'better' || verdict === 'worse';

function percent(outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean): number {
  return (100 * outcomes.filter(is).length) / outcomes.length;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
