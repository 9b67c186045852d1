/** A job writes its own log: whatever it writes there, the end of it is read in no time, and is plain text. */
import { describe, expect, test } from '@jest/globals';
import { plainLogTail } from '../../../lib/perflab/log-text.ts';
import { inBoundedTime } from '../../in-bounded-time.ts';

const ESC = '\u001b';
const ALL = Number.MAX_SAFE_INTEGER;

describe('a log as people read it', () => {
  test.each([
    ['a colour', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['a colour in one byte', '\u009b31mred\u009b0m', 'red'],
    ['cursor movements', `a${ESC}[2K${ESC}[1Gb${ESC}[?25l`, 'ab'],
    ['a link', `${ESC}]8;;https://a.test/${ESC}\\there${ESC}]8;;\u0007`, 'there'],
    ['what tput puts out to reset', `a${ESC}(B${ESC}[mb${ESC}=${ESC}7c`, 'abc'],
    ['a hidden note of Jenkins', `a${ESC}[8mha:////4AbC+/=${ESC}[0mb`, 'ab'],
    ['a note that never ends', `a${ESC}[8mha:xyz`, 'aha:xyz'],
    ['a link that never ends', `a${ESC}]8;;x\nb\u0007`, 'a8;;x\nb'],
    ['line ends and control characters', 'a\r\nb\rc\u0000\u0008\td', 'a\nb\nc\td'],
  ])('%s', (_name, log, shown) => expect(plainLogTail(log, ALL)).toBe(shown));

  test('its last bytes, begun at a line, never within a character', () => {
    expect(plainLogTail('one\ntwo\nthree', 9)).toBe('three');
    expect(plainLogTail('äöü', 3)).toBe('ü');
    const faces = plainLogTail('\u{1f600}'.repeat(100_000), 1_001);
    expect(faces).toBe('\u{1f600}'.repeat(250));
    expect(plainLogTail(`x${'\u{1f600}'.repeat(100_000)}`, 1_000)).toBe('\u{1f600}'.repeat(250));
  });

  test('of a long log that is mostly colours something is left', () => {
    const line = `${ESC}[38;5;196m${ESC}[1mfailed${ESC}[0m\n`;
    expect(plainLogTail(line.repeat(100_000), 1_000)).toMatch(/^(failed\n){50,}$/);
  });
});

/** Of each a job can write megabytes; a search that begins anew at every one of them would take hours. */
const BAITS = [
  `${ESC}[8mha:`,
  `${ESC}[8mha:${ESC}[0`,
  `${ESC}]8;;a`,
  `${ESC}]`,
  `${ESC}[`,
  `${ESC}[0;0;0`,
  `${ESC}[0 `,
  `${ESC} `,
  ESC,
  '\u009b0;',
  '\ufffd',
  '\r',
];
const LED_BY = [`${ESC}[`, `${ESC}]`, `${ESC}[8mha:`, '\u009b', ESC];

describe('four megabytes are read in no time', () => {
  test.each(BAITS)('of %j', (bait) => {
    const log = `${bait.repeat(4_194_304 / bait.length)}\nend`;
    expect(inBoundedTime(() => plainLogTail(log, ALL))).toMatch(/end$/);
  });

  test.each(LED_BY.flatMap((lead) => ['0', '0;', ' ', 'a', '['].map((rest) => [lead, rest] as const)))(
    'of %j and then only %j',
    (lead, rest) => {
      const log = `${lead}${rest.repeat(4_194_304 / rest.length)}\nend`;
      expect(inBoundedTime(() => plainLogTail(log, ALL))).toMatch(/end$/);
    },
  );
});
