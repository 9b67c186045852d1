/** The statistical verdict: what must hold for any numbers, and single cases that people will meet. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../../../../lib/bot/reports/verdict/judge.ts';
import type { Question, Verdict } from '../../../../lib/bot/reports/verdict/judge.ts';

const steady = [
  10.1, 9.9, 10, 10.2, 9.8, 10.05, 9.95, 10.1, 10, 9.9, 10.03, 9.97, 10.15, 9.85, 10, 10.02, 9.99, 10.07,
  9.94, 10.1,
];
const ask = (history: Question['history'], sample: Question['sample'], more: Partial<Question> = {}) =>
  judge({ history, sample, direction: 'lower', thresholdPercent: 0, metrics: 1, ...more });
const shift = (values: readonly number[], by: number): number[] => values.map((value) => value + by);

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const question = fc.record({
  history: fc.array(value, { minLength: 0, maxLength: 40 }),
  sample: fc.array(value, { minLength: 0, maxLength: 5 }),
  direction: fc.constantFrom('lower' as const, 'higher' as const),
  thresholdPercent: fc.double({ min: 0, max: 50, noNaN: true }),
  metrics: fc.integer({ min: 1, max: 500 }),
});
/** Around a level, so that every verdict comes up. */
const likelyQuestion = fc.record({
  history: fc.array(fc.double({ min: 90, max: 110, noNaN: true }), { minLength: 4, maxLength: 40 }),
  sample: fc.array(fc.double({ min: 50, max: 200, noNaN: true }), { minLength: 1, maxLength: 5 }),
  direction: fc.constantFrom('lower' as const, 'higher' as const),
  thresholdPercent: fc.double({ min: 0, max: 20, noNaN: true }),
  metrics: fc.integer({ min: 1, max: 100 }),
});

describe('for any numbers', () => {
  test('there is an answer with a sentence, and too few data are never judged', () => {
    const anything = fc.oneof(fc.double(), fc.constant(null), value);
    fc.assert(
      fc.property(
        fc.array(anything, { maxLength: 30 }),
        fc.array(anything, { maxLength: 5 }),
        (history, sample) => {
          const { verdict, limitPercent, why } = ask(history, sample);
          const usable = (values: (number | null)[]): number =>
            values.filter((one) => Number.isFinite(one)).length;
          if (usable(history) < 4 || usable(sample) === 0)
            expect([verdict, limitPercent]).toEqual(['cannot-tell', null]);
          expect(why).toMatch(/^[A-Z0-9].*\.$/);
          expect(why).not.toMatch(/NaN|undefined/);
        },
      ),
    );
  });

  test('missing values count for nothing', () => {
    fc.assert(
      fc.property(
        question,
        fc.constantFrom(null, NaN, Infinity, -Infinity),
        fc.nat(40),
        (asked, missing, at) => {
          const history = [...asked.history.slice(0, at), missing, ...asked.history.slice(at)];
          expect(judge({ ...asked, history, sample: [missing, ...asked.sample] })).toEqual(judge(asked));
        },
      ),
    );
  });

  test('the unit does not matter', () => {
    fc.assert(
      fc.property(likelyQuestion, fc.integer({ min: -900, max: 900 }), (asked, power) => {
        const scaled = (values: number[]): number[] => values.map((one) => one * 2 ** power);
        const { verdict, limitPercent } = judge({
          ...asked,
          history: scaled(asked.history),
          sample: scaled(asked.sample),
        });
        expect({ verdict, limitPercent }).toEqual({
          verdict: judge(asked).verdict,
          limitPercent: judge(asked).limitPercent,
        });
      }),
    );
  });

  test('the direction only swaps better and worse', () => {
    const swapped: Record<Verdict, Verdict> = {
      better: 'worse',
      worse: 'better',
      same: 'same',
      'cannot-tell': 'cannot-tell',
    };
    fc.assert(
      fc.property(likelyQuestion, (asked) => {
        const other = judge({ ...asked, direction: asked.direction === 'lower' ? 'higher' : 'lower' });
        expect(other.verdict).toBe(swapped[judge(asked).verdict]);
      }),
    );
  });

  test('a change is only named beyond the stated limit, and in the direction measured', () => {
    fc.assert(
      fc.property(likelyQuestion, (asked) => {
        const { verdict, limitPercent, details } = judge(asked);
        expect(limitPercent).toBeGreaterThanOrEqual(asked.thresholdPercent * (1 - 1e-9));
        if (verdict === 'same') expect(Math.abs(details!.changePercent!)).toBeLessThanOrEqual(limitPercent!);
        if (verdict !== 'better' && verdict !== 'worse') return;
        expect(Math.abs(details!.changePercent!)).toBeGreaterThan(limitPercent!);
        expect(verdict === 'worse').toBe(details!.change > 0 === (asked.direction === 'lower'));
      }),
    );
  });

  test('a higher threshold or more metrics never make an alarm of none', () => {
    const isAlarm = (asked: Question): boolean => ['better', 'worse'].includes(judge(asked).verdict);
    fc.assert(
      fc.property(likelyQuestion, fc.double({ min: 1, max: 10, noNaN: true }), (asked, factor) => {
        const stricter = { ...asked, thresholdPercent: asked.thresholdPercent * factor };
        const { limitPercent } = judge({ ...asked, metrics: asked.metrics * 10 });
        expect(limitPercent).toBeGreaterThanOrEqual(judge(asked).limitPercent! * 0.9);
        if (isAlarm(stricter)) expect(isAlarm(asked)).toBe(true);
      }),
    );
  });
});

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
