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
  test('that is steady: unchanged, worse, and too near to call', () => {
    expect(ask(steady, [10.02, 9.9, 10.1])).toMatchObject({ verdict: 'same' });
    expect(ask(steady, [10.3, 10.35, 10.2])).toMatchObject({ verdict: 'worse' });
    expect(ask(steady, [10.15, 10.12, 10.2])).toMatchObject({ verdict: 'cannot-tell' });
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
      details: { pattern: { kind: 'step', runsSince: 10 } },
    });
    expect(ask(stepped, [16, 16.1, 15.9]).verdict).toBe('worse');
    expect(ask(stepped, [10, 10.1, 9.9]).verdict).toBe('cannot-tell');
  });

  test('with two steps is judged by what came after the last; they are no machine states', () => {
    const stepped = [...steady, ...shift(steady.slice(0, 12), 3), ...shift(steady.slice(0, 8), 5)];
    expect(ask(stepped, [15, 15.1, 14.9])).toMatchObject({
      verdict: 'same',
      details: { pattern: { kind: 'step', runsSince: 8 } },
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

  test('that drifts is continued', () => {
    const drifting = steady.map((one, run) => one + run * 0.1);
    expect(ask(drifting, [12, 12.1, 11.95])).toMatchObject({
      verdict: 'same',
      details: { pattern: { kind: 'drift' } },
    });
    expect(ask(drifting, [11, 10.9, 11.1]).verdict).toBe('better');
  });

  test('of two machine states: either is known, between them nothing can be told, outside is a change', () => {
    const alternating = steady.map((one, run) => one + (Math.floor(run / 3) % 2) * 3);
    expect(ask(alternating, [10, 10.05, 9.95]).verdict).toBe('same');
    expect(ask(alternating, [13, 13.05, 12.95]).verdict).toBe('same');
    expect(ask(alternating, [10, 13, 13.05])).toMatchObject({
      verdict: 'same',
      details: { pattern: { kind: 'states', count: 2 } },
    });
    expect(ask(alternating, [11.5, 11.4, 11.6]).verdict).toBe('cannot-tell');
    expect(ask(alternating, [17, 17.1, 16.9]).verdict).toBe('worse');
  });

  test('of neighbouring readings of a coarse grid has no machine states', () => {
    const grid = steady.map((_, run) => ((run * 7) % 5 < 2 ? 12 : 10));
    const { verdict, details } = ask(grid, [10, 12, 10]);
    expect([verdict, details!.pattern.kind]).toEqual(['same', 'steady']);
    expect(ask(grid, [14, 14, 14]).verdict).toBe('worse');
  });

  test('with a wild run: one sample like it says nothing, three samples elsewhere do', () => {
    const wild = steady.map((one, run) => (run === 7 ? 30 : one));
    expect(ask(wild, [28]).verdict).toBe('cannot-tell');
    expect(ask(wild, [11, 11.1, 10.9]).verdict).toBe('worse');
    expect(ask(steady, [10, 25, 10.1]).verdict).not.toBe('worse');
  });

  test('of few runs cannot exclude a state that it never showed', () => {
    expect(ask(steady.slice(0, 5), [11.2, 11.1, 11.3])).toMatchObject({ verdict: 'cannot-tell' });
    expect(ask(steady, [11.2, 11.1, 11.3]).verdict).toBe('worse');
  });
});

test('the sentence names the numbers that were used', () => {
  expect(ask(steady, [10.6, 10.7, 10.65], { thresholdPercent: 5 }).why).toMatch(
    /^6\.\d+ % above the level of 20 main runs: worse by more than the limit of 5 % \(the configured threshold\)\.$/,
  );
  expect(ask(steady, [10.3, 10.35, 10.2]).why).toMatch(
    /limit of 1\.\d+ % \(what a run-to-run spread of 1\.\d+ % supports with 3 samples\)/,
  );
  expect(ask([1, 2, 3], [1]).why).toBe('Main has 3 usable runs; below 4 its run-to-run spread is not known.');
});
