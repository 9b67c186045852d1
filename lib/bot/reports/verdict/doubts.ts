/** What may lie behind a change beyond the limit other than the pull request: with any of these the verdict is "cannot tell". */
import type { Baseline } from './baseline.ts';
import type { Limits } from './limits.ts';

export interface Measured {
  readonly sample: readonly number[];
  /** The robust location of the sample, and its distance from the baseline's centre. */
  readonly location: number;
  readonly change: number;
}

/** So few runs may all have come from one of several machine states, however alike they are … */
const fewRuns = 12;
/** … so a change must exceed the noise limit by this, divided by the number of runs. */
const fewRunsFactor = 50;
/** Samples of one level hardly ever lie this many spreads apart. */
const samplesApart = 6;
/** A sample agrees with a change from this part of the limit on. */
const agreesFrom = 0.6;
/** The part of the samples that may disagree with the rest. */
const mayDisagree = 0.2;
/** One sample may be as wild as main's wildest on that side, and somewhat more. */
const wilder = 1.2;
/** How near to a wild value of main a change is taken for another of its kind, in noise limits. */
const nearWild = 0.4;

/** A return to the level before a step is as likely as an effect of that very size after so many runs, for a change of one spread. */
const runsForAReturn = 10;

/** The first doubt as the end of a sentence, or undefined where the change stands. */
export function doubtAbout(baseline: Baseline, limits: Limits, measured: Measured): string | undefined {
  if (fromAnUnseenState(baseline, limits, measured))
    return `${baseline.history.length} runs cannot exclude a machine state that they never showed`;
  if (measured.sample.length < 3 && likeAWildRun(baseline, limits, measured))
    return `single runs on main have been as far out, and ${measured.sample.length === 1 ? 'one sample' : 'two samples'} cannot exclude another`;
  if (samplesDisagree(baseline, limits, measured))
    return 'the samples disagree with each other far more than runs on main do';
  if (
    measured.sample.length >= 3 &&
    baseline.wild.some((value) => Math.abs(value - measured.location) < nearWild * limits.noiseLimit)
  )
    return 'a single run on main has been at this very level before';
  if (atAnOldLevel(baseline, measured)) return 'main has been at this very level before';
  return undefined;
}

function fromAnUnseenState(
  { history, hasSpread }: Baseline,
  { noiseLimit }: Limits,
  { change, sample }: Measured,
): boolean {
  const runs = history.length;
  if (runs >= fewRuns) return false;
  if (!hasSpread && sample.length < 3) return true;
  return Math.abs(change) < noiseLimit * (fewRunsFactor / runs);
}

function likeAWildRun(
  { history, wild, pattern, states, spread }: Baseline,
  { centre }: Limits,
  { change }: Measured,
): boolean {
  if (states) return false;
  const within = (reach: number): boolean => Math.abs(change) <= reach + spread / 2;
  const sameSide = (value: number): boolean => (value - centre) * change > 0;
  return (
    wild.some((value) => sameSide(value) && within(Math.abs(value - centre) * wilder)) ||
    (pattern.kind === 'steady' &&
      history.some((value) => sameSide(value) && within(Math.abs(value - centre))))
  );
}

function samplesDisagree(
  { spread }: Baseline,
  { centre, limit }: Limits,
  { sample, change }: Measured,
): boolean {
  if (Math.max(...sample) - Math.min(...sample) <= samplesApart * spread) return false;
  const short = sample.filter((value) => (value - centre) * Math.sign(change) <= agreesFrom * limit);
  return short.length > mayDisagree * sample.length;
}

/** How well a return to the level before a step explains the sample, beside an effect of any size. */
function atAnOldLevel({ mixture, history }: Baseline, { location, change }: Measured): boolean {
  let density = 0;
  for (const { weight, left } of mixture)
    if (left)
      density += (weight / left.scale) * Math.exp(-(((location - left.centre) / left.scale) ** 2) / 2);
  return (runsForAReturn / history.length) * Math.abs(change) * density > 1;
}
