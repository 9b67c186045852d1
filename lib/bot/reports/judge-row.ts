/** Judges one metric by what the noise of main's history supports. Where that is not known, Horreum's own rule is quoted as Horreum's. */
import type { Json } from '../../horreum/datastore.ts';
import type { Draft } from './draft-rows.ts';
import { numberOf } from './main-history.ts';
import { shorten } from '../text/markdown.ts';
import type { MetricRow, MoreRuns } from '../record/report.ts';
import { shortJson } from '../text/short-json.ts';
import { judge, type Judgement, type Question } from './verdict/judge.ts';
import { moreRunsToDecide } from './verdict/more-runs.ts';

export interface Evidence {
  /** Values of comparable runs of main, oldest first. */
  readonly history: readonly (number | null)[];
  /** Values of this pull request's other runs of the very same request. */
  readonly others: readonly (number | null)[];
  /** How many rows of the report are judged: the more, the surer each alarm must be. */
  readonly metrics: number;
  /** Why there is no history; undefined where there is. */
  readonly noHistory?: string;
  /** Why nothing may be judged, not by Horreum's own rule either. */
  readonly incomparable?: string;
}

export function judgeRow(draft: Draft, evidence: Evidence): MetricRow {
  const { about, horreum, raw } = draft;
  if (!draft.isJudged) return { ...about, verdict: 'info', ...shown(raw) };
  if (evidence.incomparable !== undefined)
    return { ...about, verdict: 'cannot-tell', why: evidence.incomparable, ...shown(raw) };
  const value = numberOf(raw);
  if (value !== null && draft.label !== undefined) {
    const judgement = judge(questionOf(draft, evidence, value));
    if (judgement.details) return byHistory(draft, judgement, value);
    const why = evidence.noHistory ?? judgement.why;
    if (horreum) return quoted(draft, why);
    return { ...about, value, verdict: 'cannot-tell', undecided: 'too-few-runs', why };
  }
  if (horreum) return quoted(draft, whyNotByHistory(draft, value));
  if (draft.label === undefined && raw === undefined)
    return {
      ...about,
      verdict: 'cannot-tell',
      undecided: 'no-value',
      why: 'Horreum computes it from other labels, and gives its value only where a profile compares it.',
      text: '(in Horreum)',
    };
  return { ...about, verdict: 'cannot-tell', undecided: 'no-value', why: whyNoNumber(raw), ...shown(raw) };
}

function questionOf(draft: Draft, evidence: Evidence, value: number): Question {
  return {
    history: evidence.history,
    sample: [value, ...evidence.others],
    direction: draft.about.direction ?? 'lower',
    thresholdPercent: draft.thresholdPercent ?? 0,
    metrics: evidence.metrics,
  };
}

/** How many more runs would decide a row that main's history left undecided. It takes some 100 ms. */
export function moreRunsFor(draft: Draft, evidence: Evidence): MoreRuns | undefined {
  const value = numberOf(draft.raw);
  return value === null ? undefined : moreRunsToDecide(questionOf(draft, evidence, value));
}

type Details = NonNullable<Judgement['details']>;

function byHistory(
  { about, horreum }: Draft,
  { verdict, limitPercent, why, reason, details }: Judgement,
  value: number,
): MetricRow {
  const found = details as Details;
  const ours =
    about.direction === undefined && (verdict === 'better' || verdict === 'worse') ? 'changed' : verdict;
  const says = horreum && horreumWord(horreum.overall);
  const { changePercent, changeIntervalPercent: interval } = found;
  return {
    ...about,
    baseline: short(found.baseline),
    value: found.samples > 1 ? short(found.measured) : value,
    ...(changePercent === null ? {} : { changePercent: short(changePercent) }),
    ...(interval === null ? {} : { interval: [short(interval[0]), short(interval[1])] }),
    ...(limitPercent === null ? {} : { limitPercent: short(limitPercent) }),
    spread: short(found.spread),
    runs: found.runs,
    ...(found.samples > 1 ? { samples: found.samples } : {}),
    careAboutPercent: short(found.careAboutPercent),
    ...(found.careAboutAssumed ? { careAboutAssumed: true } : {}),
    verdict: ours,
    why,
    ...(reason === undefined ? {} : { undecided: reason }),
    ...(says === undefined || says === ours ? {} : { horreumSays: says }),
  };
}

/** One comparison of single values knows no noise, so it decides nothing: it is only told. */
function quoted({ about, horreum, thresholdPercent }: Draft, why: string): MetricRow {
  const {
    experimentValue: value = Number.NaN,
    baselineValue: baseline = Number.NaN,
    overall,
  } = horreum ?? {};
  const row = {
    ...about,
    baseline,
    value,
    ...(thresholdPercent === undefined ? {} : { careAboutPercent: thresholdPercent }),
    verdict: 'cannot-tell' as const,
  };
  const changePercent = changeOf(baseline, value);
  if (changePercent === undefined || overall === undefined)
    return { ...row, undecided: 'no-value', why: whyNoChange(baseline, value) };
  return { ...row, changePercent, undecided: 'too-few-runs', why, horreumSays: horreumWord(overall) };
}

function whyNotByHistory({ label }: Draft, value: number | null): string {
  if (label === undefined)
    return 'Horreum computes the variable from its labels, so its history can’t be read.';
  if (value === null) return 'Its label holds no number.';
  return 'Horreum computes the variable from its label, so its history can’t be read.';
}

function horreumWord(overall: 'BETTER' | 'SAME' | 'WORSE'): 'better' | 'same' | 'worse' {
  return ({ BETTER: 'better', SAME: 'same', WORSE: 'worse' } as const)[overall];
}

/** Change in percent of the baseline; undefined where a percentage says nothing. */
export function changeOf(baseline: number, value: number): number | undefined {
  if (!Number.isFinite(baseline) || !Number.isFinite(value) || baseline === 0)
    return baseline === 0 && value === 0 ? 0 : undefined;
  return ((value - baseline) / Math.abs(baseline)) * 100;
}

export function judgeByLimit(
  changePercent: number,
  limitPercent: number,
  direction: 'lower' | 'higher',
): 'worse' | 'better' | 'same' {
  if (Math.abs(changePercent) <= limitPercent) return 'same';
  return changePercent > 0 === (direction === 'higher') ? 'better' : 'worse';
}

function whyNoChange(baseline: number, value: number): string {
  if (baseline === 0) return 'The baseline is zero, so a change in percent says nothing.';
  return Number.isFinite(value) ? 'The baseline is no finite number.' : 'The value is no finite number.';
}

function whyNoNumber(raw: Json | undefined): string {
  if (raw === undefined || raw === null) return 'The upload holds no value for it.';
  if (Array.isArray(raw)) return `The upload holds a list of ${raw.length} for it, not a number.`;
  return 'The upload holds no finite number for it.';
}

/** A value that is only shown: numbers as numbers, everything else as a bounded text. */
export function shown(raw: Json | undefined): { value: number } | { text: string } {
  if (typeof raw === 'number') return { value: raw };
  const number = numberOf(raw);
  if (number !== null) return { value: number };
  if (typeof raw === 'string') return { text: raw.trim() === '' ? '(empty)' : shorten(raw, 200) };
  if (raw === null || raw === undefined) return { text: '(none)' };
  if (Array.isArray(raw))
    return {
      text: raw.length === 0 ? '(empty list)' : `${raw.length} × ${shortJson(raw[0] as Json, 60)}`,
    };
  return { text: shortJson(raw, 200) };
}

/** Six digits are more than any benchmark carries, and a record has only so much room. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}
