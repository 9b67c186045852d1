/** The reason of a verdict as one plain sentence with the numbers it used. */
import type { Details } from './details.ts';
import { counted } from '../../text/numbers.ts';

/** `same` says that there is no change of `careAboutPercent`. */
export type Verdict = 'better' | 'worse' | 'same' | 'cannot-tell';

/** Why nothing can be told. */
export type Reason =
  /** The pull request has no usable value. */
  | 'no-value'
  /** Main has too few runs for its noise to be known: only Horreum's own rule can be quoted. */
  | 'too-few-runs'
  /** The job's noise hides the change that the project cares about. */
  | 'noise'
  /** The noise allows it, but this pull request lies too far out to exclude that change. */
  | 'too-near'
  /** Main itself has been at this very place before. */
  | 'seen-before';

export const explain = { noValue, tooFew, fewEqual, decided };

function noValue(): string {
  return 'The pull request has no usable value.';
}

function tooFew(runs: number, fewestRuns: number): string {
  return `Main has ${counted(runs, 'usable run')}; below ${fewestRuns} its run-to-run spread is not known.`;
}

function fewEqual(runs: number): string {
  return `Main's ${counted(runs, 'usable run')} all read the same; so few can't show how often the metric moves.`;
}

function decided(verdict: Verdict, details: Details, reason?: Reason): string {
  const { change, changePercent, limit, limitPercent } = details;
  const [size, bound] =
    changePercent === null || limitPercent === null
      ? [figure(Math.abs(change)), figure(limit)]
      : [`${figure(Math.abs(changePercent))} %`, `${figure(limitPercent)} %`];
  const place = change === 0 ? 'Exactly at' : `${size} ${change > 0 ? 'above' : 'below'}`;
  return `${place} the level of ${level(details)}: ${relation(verdict, details, bound, reason)}.`;
}

function relation(verdict: Verdict, details: Details, bound: string, reason?: Reason): string {
  const source = details.limitFrom === 'asked' ? 'as configured' : noise(details);
  const limit = `the limit of ${bound} (${source})`;
  if (verdict === 'better' || verdict === 'worse') return `${verdict} by more than ${limit}`;
  const asked = `${figure(details.careAboutPercent)} %`;
  switch (reason) {
    case 'seen-before':
      return `within ${limit}, because main itself has been there before`;
    case 'noise':
      return `within ${limit}, which is wider than the ${asked} that matter`;
    case 'too-near':
      return `within ${limit}, but a change of ${asked} can't be excluded`;
    case 'no-value':
    case 'too-few-runs':
    case undefined:
      return `within ${limit}`;
  }
}

function noise({ spread, spreadPercent, samples }: Details): string {
  if (spread === 0) return 'main shows no run-to-run spread at all';
  const size = spreadPercent === null ? figure(spread) : `${figure(spreadPercent)} %`;
  return `for a run-to-run spread of ${size} and ${counted(samples, 'sample')}`;
}

function level({ runs, levelRuns, hasStepped }: Details): string {
  return hasStepped
    ? `the newest ${counted(levelRuns, 'run')} of ${counted(runs, 'main run')}`
    : counted(runs, 'main run');
}

/** Three significant digits, without an exponent where people would not write one. */
function figure(value: number): string {
  if (value !== 0 && (value < 1e-4 || value >= 1e9)) return value.toExponential(1);
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
