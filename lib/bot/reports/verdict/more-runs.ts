/** How many more runs would decide a metric that can't be told now: each number is tried by drawing such runs and judging them. */
import { fewestToMeasure, measure } from './measurement.ts';
import { isUsable, judge } from './judge.ts';
import type { Question } from './judge.ts';
import type { MoreRuns } from '../../record/report.ts';

const TRIED = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50];
const DRAWS = 50;
/** Somewhat more than is promised: the runs that come need not be like those there are. */
const ENOUGH = 0.86;

/** Undefined where main has too few runs to draw others like them. It judges some 500 times (up to 20 ms): ask only for what is undecided. */
export function moreRunsToDecide(question: Question): MoreRuns | undefined {
  const history = question.history.filter(isUsable);
  const sample = question.sample.filter(isUsable);
  if (history.length < fewestToMeasure || sample.length === 0) return undefined;
  const { scale, level, change } = measure({ history, sample, metrics: question.metrics });
  // Most pull requests change nothing: the change is believed as far as it stands out of its error.
  const error = level.spread * Math.sqrt(1 / sample.length + 1 / level.runs);
  const believed = change === 0 ? 0 : change ** 2 / (change ** 2 + error ** 2);
  const runsAt = (centre: number, spread: number, count: number, random: Random): number[] =>
    Array.from({ length: count }, () => scale.back(centre + spread * random()));
  // What the spread really is may be more or less than what few runs show.
  const spreadOf = (random: Random): number =>
    level.spread / Math.max(0.4, 1 + random() / Math.sqrt(2 * level.freedom));
  return {
    ofMain: leastThatDecides((count, random) => ({
      ...question,
      history: [...history, ...runsAt(level.centre, spreadOf(random), count, random)],
    })),
    ofPullRequest: leastThatDecides((count, random) => {
      const truth = level.centre + believed * change + Math.sqrt(believed) * error * random();
      return { ...question, history, sample: [...sample, ...runsAt(truth, spreadOf(random), count, random)] };
    }),
  };
}

/** Numbers of the normal distribution. */
type Random = () => number;

/** More runs hardly ever decide less: the least number is found by halving. */
function leastThatDecides(withMore: (count: number, random: Random) => Question): number | null {
  let [low, high] = [0, TRIED.length - 1];
  if (!decidesMostly(TRIED[high]!, withMore)) return null;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (decidesMostly(TRIED[middle]!, withMore)) high = middle;
    else low = middle + 1;
  }
  return TRIED[high]!;
}

function decidesMostly(count: number, withMore: (count: number, random: Random) => Question): boolean {
  const random = normalNumbers(count);
  let undecided = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    if (judge(withMore(count, random)).verdict !== 'cannot-tell') continue;
    undecided++;
    if (undecided > (1 - ENOUGH) * DRAWS) return false;
  }
  return true;
}

/** The same numbers at each call, so that the same question has the same answer (Mulberry32, then Box and Muller). */
function normalNumbers(seed: number): Random {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
