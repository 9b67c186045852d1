/** The statistical verdict: single cases that people will meet. */
import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../../lib/bot/reports/verdict/judge.ts';
import type { Question } from '../../../../lib/bot/reports/verdict/judge.ts';

const steady = [
  10.1, 9.9, 10, 10.2, 9.8, 10.05, 9.95, 10.1, 10, 9.9, 10.03, 9.97, 10.15, 9.85, 10, 10.02, 9.99, 10.07,
  9.94, 10.1,
];
const ask = (history: Question['history'], sample: Question['sample'], more: Partial<Question> = {}) =>
  judge({ history, sample, direction: 'lower', thresholdPercent: 0, metrics: 1, ...more });
const shift = (values: readonly number[], by: number): number[] => values.map((value) => value + by);

describe('a history', () => {
  test('that is steady: unchanged, and worse', () => {
    expect(ask(steady, [10.02, 9.9, 10.1])).toMatchObject({ verdict: 'same' });
    expect(ask(steady, [10.3, 10.35, 10.2])).toMatchObject({ verdict: 'worse' });
  });

  test('whose noise is below the threshold is held to the threshold', () => {
    expect(ask(steady, [10.3, 10.35, 10.2], { thresholdPercent: 5 })).toMatchObject({
      verdict: 'same',
      limitPercent: 5,
    });
    expect(ask(steady, [10.6, 10.7, 10.65], { thresholdPercent: 5 }).verdict).toBe('worse');
    expect(ask(steady, [10.48, 10.5, 10.46], { thresholdPercent: 5 }).verdict).toBe('cannot-tell');
  });

  test('of negative values, where higher is better', () => {
    expect(ask(shift(steady, -20), [-11, -11.1, -10.9], { direction: 'higher' }).verdict).toBe('worse');
  });

  test('without any spread: every change counts, and only the threshold holds it back', () => {
    const constant = steady.map(() => 4096);
    expect(ask(constant, [4096])).toMatchObject({ verdict: 'same', limitPercent: 0 });
    expect(ask(constant, [4097])).toMatchObject({ verdict: 'worse', limitPercent: 0 });
    expect(ask(constant, [4097], { thresholdPercent: 1 })).toMatchObject({
      verdict: 'same',
      limitPercent: 1,
    });
  });

  test('without any spread, of few runs: one other reading may be chance, three are not', () => {
    const constant = [4096, 4096, 4096, 4096, 4096, 4096];
    expect(ask(constant, [4097]).verdict).toBe('cannot-tell');
    expect(ask(constant, [4097, 4097, 4097]).verdict).toBe('worse');
  });

  test('of zeros has no percents, but a verdict', () => {
    const zeros = steady.map(() => 0);
    expect(ask(zeros, [0])).toMatchObject({ verdict: 'same', limitPercent: null });
    expect(ask(zeros, [3, 4, 3], { thresholdPercent: 5 })).toMatchObject({
      verdict: 'worse',
      limitPercent: null,
    });
  });

  test('with a step is judged by what came after it; a return to the old level is not called', () => {
    const stepped = [...steady, ...shift(steady.slice(0, 10), 5)];
    expect(ask(stepped, [15, 15.1, 14.9])).toMatchObject({
      verdict: 'same',
      details: { levelRuns: 10, hasStepped: true },
    });
    expect(ask(stepped, [16, 16.1, 15.9]).verdict).toBe('worse');
    expect(ask(stepped, [10, 10.1, 9.9]).verdict).toBe('cannot-tell');
  });

  test('with two steps is judged by what came after the last; they are no machine states', () => {
    const stepped = [...steady, ...shift(steady.slice(0, 12), 3), ...shift(steady.slice(0, 8), 5)];
    expect(ask(stepped, [15, 15.1, 14.9])).toMatchObject({
      verdict: 'same',
      details: { levelRuns: 8, hasStepped: true },
    });
    expect(ask(stepped, [16, 16.1, 15.9]).verdict).toBe('worse');
    expect(ask(stepped, [13, 13.1, 12.9]).verdict).toBe('cannot-tell');
  });

  test('that wanders slowly is followed', () => {
    const level = (run: number): number => 0.25 * Math.sin(run / 5);
    const waves = [...steady, ...steady].map((one, run) => one + level(run));
    const next = 10 + level(waves.length);
    expect(ask(waves, [next, next + 0.1, next - 0.1]).verdict).toBe('same');
    expect(ask(waves, [next + 0.4, next + 0.5, next + 0.3]).verdict).toBe('worse');
  });

  test('that ends in two wild runs: the level before them is no change', () => {
    const ending = [...steady, 14, 17];
    expect(ask(ending, [10, 10.1, 9.9]).verdict).not.toBe('better');
  });

  test('that drifts: where main is now is no change', () => {
    const drifting = steady.map((one, run) => one + run * 0.1);
    expect(ask(drifting, [11.9, 12, 11.85], { careAboutPercent: 15 }).verdict).toBe('same');
    expect(ask(drifting, [14, 14.1, 13.9]).verdict).toBe('worse');
  });

  test('of two machine states: nothing within them is a change, and less than their distance can’t be excluded', () => {
    const alternating = steady.map((one, run) => one + (Math.floor(run / 3) % 2) * 3);
    for (const sample of [
      [10, 10.05, 9.95],
      [13, 13.05, 12.95],
      [10, 13, 13.05],
      [11.5, 11.4, 11.6],
    ]) {
      expect(ask(alternating, sample)).toMatchObject({ verdict: 'cannot-tell', reason: 'noise' });
      expect(ask(alternating, sample, { careAboutPercent: 100 }).verdict).toBe('same');
    }
    expect(ask(alternating, [20, 20.1, 19.9]).verdict).toBe('worse');
  });

  test('of neighbouring readings of a coarse grid has no machine states', () => {
    const grid = steady.map((_, run) => ((run * 7) % 5 < 2 ? 12 : 10));
    expect(ask(grid, [10, 12, 10]).details).toMatchObject({ hasStepped: false });
    expect(ask(grid, [14, 14, 14]).verdict).toBe('worse');
  });

  test('with a wild run: one sample like it says nothing, three samples elsewhere do', () => {
    const wild = steady.map((one, run) => (run === 7 ? 30 : one));
    expect(ask(wild, [28]).verdict).toBe('cannot-tell');
    expect(ask(wild, [11, 11.1, 10.9]).verdict).toBe('worse');
    expect(ask(steady, [10, 25, 10.1]).verdict).not.toBe('worse');
  });

  test('of few runs cannot exclude a state that it never showed', () => {
    expect(ask(steady.slice(0, 5), [10.8, 10.75, 10.85])).toMatchObject({ verdict: 'cannot-tell' });
    expect(ask(steady, [10.8, 10.75, 10.85]).verdict).toBe('worse');
  });
});

/** Normal noise of one spread, the same at each call. */
const noise = (count: number, from = 1): number[] =>
  Array.from({ length: count }, (_, at) => {
    const uniform = (salt: number): number => {
      const mixed = Math.sin((at + from) * 12.9898 + salt * 78.233) * 43758.5453;
      return mixed - Math.floor(mixed);
    };
    return Math.sqrt(-2 * Math.log(1 - uniform(1))) * Math.cos(2 * Math.PI * uniform(2));
  });
const around = (level: number, spread: number, count: number, from = 1): number[] =>
  noise(count, from).map((one) => level * (1 + spread * one));

describe('real histories have shown', () => {
  test('few runs: ten runs of 1 % noise are enough for +20 %', () => {
    expect(ask(around(100, 0.01, 10), [120]).verdict).toBe('worse');
    expect(ask(around(100, 0.01, 10), [120, 121, 119]).verdict).toBe('worse');
  });

  test.each([10, 100])(
    'a step by a factor of %d: what comes after it is judged by its own noise',
    (ratio) => {
      const stepped = [...around(1000, 0.01, 20), ...around(1000 / ratio, 0.01, 20, 50)];
      for (const sample of [[1.06], [1.06, 1.065, 1.058]])
        expect(
          ask(
            stepped,
            sample.map((one) => (one * 1000) / ratio),
          ),
        ).toMatchObject({ verdict: 'worse' });
    },
  );

  test('a spread for each level', () => {
    const quieter = [...around(9000, 0.15, 12), ...around(79, 0.0015, 12, 50)];
    expect(ask(quieter, [79 * 1.06]).verdict).toBe('worse');
    expect(ask(quieter, [79 * 1.06, 79 * 1.061, 79 * 1.059]).verdict).toBe('worse');
  });

  const inTurn = (a: number, b: number, count: number): number[] =>
    Array.from({ length: count }, (_, run) => (run % 2 ? b : a));
  test.each([
    ['a step four runs ago', [...inTurn(335, 347, 30), 13490, 13350, 13280, 13500], [13260]],
    ['a last run far out', [...inTurn(284, 289, 30), 258.9], [259.2, 259.4, 259.6]],
    ['a step two runs ago', [...around(600, 0.01, 48), 2150, 2208], [2179, 2220, 2152]],
    ['a step two runs ago, one sample wild', [...around(34.5, 0.01, 40), 2051, 2091], [2452, 2068, 2072]],
  ])('%s: no alarm where main is now', (_, history, sample) => {
    expect(['same', 'cannot-tell']).toContain(ask(history, sample).verdict);
  });

  test('samples taken together share their hour: four times as many don’t halve the limit', () => {
    const limitOf = (samples: number): number =>
      ask(around(100, 0.02, 30), around(100, 0.02, samples, 60)).limitPercent!;
    expect(limitOf(5)).toBeLessThan(limitOf(1));
    expect(limitOf(20)).toBeGreaterThan(0.6 * limitOf(5));
  });

  test('old runs do no harm: two hundred are judged by the newest', () => {
    const old = Array.from({ length: 7 }, (_, at) => around(50 + 20 * at, 0.02, 20, 20 * at)).flat();
    const now = around(100, 0.01, 60, 300);
    expect(ask([...old, ...now], [106, 106.1, 105.9]).verdict).toBe('worse');
    expect(ask([...old, ...now], [106, 106.1, 105.9]).limitPercent).toBe(
      ask(now, [106, 106.1, 105.9]).limitPercent,
    );
  });

  test('samples of which one is where main is do not make an alarm of the others', () => {
    expect(ask(around(2843, 0.002, 20), [2844, 3444, 3442]).verdict).toBe('cannot-tell');
    expect(ask(around(90000, 0.03, 20), [92910, 145900, 142200, 91130, 147200]).verdict).toBe('cannot-tell');
  });
});

describe('what the project cares about', () => {
  const noisy = around(100, 0.1, 12);

  test('green needs that it would have been seen: the noise of one run hides a slowdown of 20 %', () => {
    expect(ask(noisy, [98], { thresholdPercent: 5 })).toMatchObject({
      verdict: 'cannot-tell',
      reason: 'noise',
      details: { careAboutPercent: 5, careAboutAssumed: false },
    });
  });

  test('is the threshold, else 10 %, which bounds "same" and never "worse"', () => {
    expect(ask(steady, [10.4, 10.42, 10.38])).toMatchObject({
      verdict: 'worse',
      details: { careAboutPercent: 10, careAboutAssumed: true },
    });
    expect(ask(noisy, [101])).toMatchObject({ verdict: 'cannot-tell', reason: 'noise' });
  });

  test('asked for, an alarm lies beyond it, and "same" within', () => {
    const asked = { careAboutPercent: 5 };
    expect(ask(steady, [10.4, 10.42, 10.38], asked)).toMatchObject({
      verdict: 'cannot-tell',
      reason: 'too-near',
      limitPercent: 5,
    });
    expect(ask(steady, [10.6, 10.62, 10.58], asked).verdict).toBe('worse');
    expect(ask(steady, [10.1, 10.12, 10.08], asked).verdict).toBe('same');
  });
});

test('with one to three runs nothing is judged, and the reason says so', () => {
  for (const runs of [0, 1, 2, 3])
    expect(ask(steady.slice(0, runs), [11.39])).toMatchObject({
      verdict: 'cannot-tell',
      reason: 'too-few-runs',
      limitPercent: null,
      details: null,
    });
});

test('the sentence names the numbers that were used', () => {
  expect(ask(steady, [10.6, 10.7, 10.65], { thresholdPercent: 5 }).why).toMatch(
    /^6\.\d+ % above the level of 20 main runs: worse by more than the limit of 5 % \(as configured\)\.$/,
  );
  expect(ask(steady, [10.6, 10.65, 10.5]).why).toMatch(
    /limit of [12]\.\d+ % \(for a run-to-run spread of 1\.\d+ % and 3 samples\)/,
  );
  expect(ask([1, 2, 3], [1]).why).toBe('Main has 3 usable runs; below 4 its run-to-run spread is not known.');
});
