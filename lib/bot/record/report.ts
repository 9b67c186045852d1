/** A report as data: what a run's results mean, row by row, the verdict over them, and what they were compared with. */

/** `worse` and `better` know a direction; `changed` does not (nothing says which way is good). */
export type MetricVerdict = 'worse' | 'better' | 'changed' | 'same' | 'cannot-tell' | 'info';

export interface MetricRow {
  /** The variable's or label's name at Horreum. */
  readonly name: string;
  readonly title: string;
  /** Ordinal of the dataset, where a run has several. */
  readonly dataset?: number;
  readonly unit?: string;
  readonly direction?: 'lower' | 'higher';
  readonly policy: 'gate' | 'warn' | 'info';
  readonly baseline?: number;
  readonly value?: number;
  /** A value that is not a number. */
  readonly text?: string;
  readonly changePercent?: number;
  readonly limitPercent?: number;
  readonly verdict: MetricVerdict;
  /** One sentence: why this verdict. */
  readonly why?: string;
  /** A harmful change of this size would have been seen where the verdict is `same`. */
  readonly careAboutPercent?: number;
  /** The project sets none: 10 % was taken. */
  readonly careAboutAssumed?: true;
  /** Why nothing can be told. */
  readonly undecided?: Undecided;
  /** How many more runs would decide it, each number simulated; kept for the first undecided rows only. */
  readonly moreRuns?: MoreRuns;
  /** Horreum's own verdict, where it differs. */
  readonly horreumSays?: 'better' | 'same' | 'worse';
  /** How single runs of main scatter, in the metric's own unit: decides how many digits its numbers carry. */
  readonly spread?: number;
  /** 95 % interval of the change, in percent. */
  readonly interval?: readonly [low: number, high: number];
  /** Comparable runs of main that it was judged from; absent where Horreum's threshold alone judged. */
  readonly runs?: number;
  /** Values of this pull request that it was judged from, where more than one. */
  readonly samples?: number;
  /** Comparable earlier values, oldest first, for the picture. Kept for the rows that may be drawn only. */
  readonly history?: readonly number[];
  readonly acknowledged?: { readonly by: string; readonly reason: string };
}

export type Undecided = 'no-value' | 'too-few-runs' | 'noise' | 'too-near' | 'seen-before';

/** The least number that decides in 80 % of simulated cases; null where none up to 50 does. */
export interface MoreRuns {
  readonly ofMain: number | null;
  readonly ofPullRequest: number | null;
}

export type ReportVerdict = 'slower' | 'faster' | 'changed' | 'unchanged' | 'cannot-tell';

export interface Report {
  readonly verdict: ReportVerdict;
  readonly rows: readonly MetricRow[];
  /** Rows that were left out because the record holds only so many. */
  readonly omittedRows: number;
  /** Of all rows, left-out ones too; those that are only shown count as `info`. */
  readonly counts: Readonly<Record<MetricVerdict, number>>;
  readonly datasets: number;
  /** What the values were compared with, in words, and why that: unescaped. */
  readonly baseline?: string;
  readonly baselineWhy?: string;
  /** What had to be equal for a run of main to count, such as `host=lab1`. */
  readonly environment?: readonly string[];
  /** Remarks for people, unescaped. */
  readonly notes: readonly string[];
}
