/** The statistical verdict: what must hold for any numbers. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../../../../lib/bot/reports/verdict/judge.ts';
import type { Question, Verdict } from '../../../../lib/bot/reports/verdict/judge.ts';

const ask = (history: Question['history'], sample: Question['sample'], more: Partial<Question> = {}) =>
  judge({ history, sample, direction: 'lower', thresholdPercent: 0, metrics: 1, ...more });

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
  // What is less than 1e-8 % of the baseline is shown as none.
  thresholdPercent: fc.oneof(fc.constant(0), fc.double({ min: 1e-7, max: 20, noNaN: true })),
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
          expect(why).not.toMatch(/NaN|Infinity|undefined/);
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
