/** Says why a metric is undecided, and which number of runs would decide it. */
import type { MetricRow, MoreRuns } from '../../record/report.ts';
import { counted } from '../../text/numbers.ts';
import { unsigned } from './metric-table.ts';

/** `this job sees changes of 81% and more, you asked for 5%`; empty where the noise is not known. */
export function seenChange({
  limitPercent,
  careAboutPercent,
  careAboutAssumed,
  samples = 1,
}: MetricRow): string {
  if (limitPercent === undefined || careAboutPercent === undefined) return '';
  const asked = careAboutAssumed
    ? `${unsigned(careAboutPercent)} is assumed to matter`
    : `you asked for ${unsigned(careAboutPercent)}`;
  return `this job sees changes of ${unsigned(limitPercent)} and more with ${counted(samples, 'run')}; ${asked}`;
}

/** `12 more runs of main, or 2 more of this pull request, would decide it`. */
export function moreRunsWords({ ofMain, ofPullRequest }: MoreRuns): string {
  const parts = [
    ofPullRequest === null ? '' : `${counted(ofPullRequest, 'more run')} of this pull request`,
    ofMain === null ? '' : `${counted(ofMain, 'more run')} of main`,
  ].filter((part) => part !== '');
  const [first, second] = parts;
  if (first === undefined) return 'no number of runs up to 50 would decide it';
  return second === undefined ? `${first} would decide it` : `${first}, or ${second}, would decide it`;
}
