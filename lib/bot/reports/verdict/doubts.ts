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
const fewRunsFactor = 36;
/** Samples of one level hardly ever lie this many spreads apart. */
const samplesApart = 6;
/** A sample agrees with a change from this part of the limit on. */
const agreesFrom = 0.6;
/** The part of the samples that may disagree with the rest. */
const mayDisagree = 0.2;
/** One sample may be as wild as main's wildest, and somewhat more on the same side. */
const wilder = 1.2;
/** How near to a wild value of main a change is taken for another of its kind, in noise limits. */
const nearWild = 0.6;
/** How near to a level that main has left a change is taken for its return, in standard errors. */
const nearOldLevel = 2.5;

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

function fromAnUnseenState({ history }: Baseline, { noiseLimit }: Limits, { change }: Measured): boolean {
  const runs = history.length;
  return runs < fewRuns && Math.abs(change) < noiseLimit * (fewRunsFactor / runs);
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
    wild.some((value) => within(Math.abs(value - centre) * (sameSide(value) ? wilder : 1))) ||
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

function atAnOldLevel({ oldLevels, spread }: Baseline, { sample, location }: Measured): boolean {
  return oldLevels.some(
    ({ centre, runs }) =>
      Math.abs(centre - location) < nearOldLevel * spread * Math.sqrt(1 / sample.length + 1 / runs),
  );
}
