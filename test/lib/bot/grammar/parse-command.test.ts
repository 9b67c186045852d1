/** From the words of a command line to a command, or to one helpful answer. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMMANDS, COMMAND_NAMES, specOf } from '../../../../lib/bot/grammar/command-table.ts';
import { nearest } from '../../../../lib/bot/text/nearest.ts';
import { parseCommand } from '../../../../lib/bot/grammar/parse-command.ts';
import { splitWords } from '../../../../lib/bot/grammar/split-words.ts';

const parse = (text: string) => parseCommand(text, '/perf-bot');
const command = (text: string) => {
  const parsed = parse(text);
  if (parsed.kind !== 'command') throw new Error(`a problem: ${parsed.help}`);
  return parsed.command;
};
const problem = (text: string): string => {
  const parsed = parse(text);
  return parsed.kind === 'problem' ? parsed.help : `no problem: ${JSON.stringify(parsed.command)}`;
};

describe('words and pairs', () => {
  test.each([
    ['run smoke', ['run', 'smoke'], []],
    ['run  smoke\tA=1', ['run', 'smoke'], [['A', '1']]],
    [
      'run smoke A=1,B=2',
      ['run', 'smoke'],
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    [
      'run smoke A=1, B=2',
      ['run', 'smoke'],
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['run smoke, A=1,', ['run', 'smoke'], [['A', '1']]],
    ['run smoke,A=1', ['run', 'smoke'], [['A', '1']]],
    ['run A=x,y,z', ['run'], [['A', 'x,y,z']]],
    [
      'run A=x,B=y,z C=',
      ['run'],
      [
        ['A', 'x'],
        ['B', 'y,z'],
        ['C', ''],
      ],
    ],
    ['run A="x y, B=z"', ['run'], [['A', 'x y, B=z']]],
    ['run A=\'x "y"\'', ['run'], [['A', 'x "y"']]],
    ['run A=“x y”', ['run'], [['A', 'x y']]],
    ['run A=„x y“', ['run'], [['A', 'x y']]],
    [
      'run A=„x y” B=1',
      ['run'],
      [
        ['A', 'x y'],
        ['B', '1'],
      ],
    ],
    [
      'run A=”x y” B=1',
      ['run'],
      [
        ['A', 'x y'],
        ['B', '1'],
      ],
    ],
    [
      'run A=»x y« B=1',
      ['run'],
      [
        ['A', 'x y'],
        ['B', '1'],
      ],
    ],
    [
      'run A=‚x y‘ B=1',
      ['run'],
      [
        ['A', 'x y'],
        ['B', '1'],
      ],
    ],
    [
      'run A=“x y" B=1',
      ['run'],
      [
        ['A', 'x y'],
        ['B', '1'],
      ],
    ],
    [
      'run A=‘x y’ B=«z w»',
      ['run'],
      [
        ['A', 'x y'],
        ['B', 'z w'],
      ],
    ],
    ['run A=“x y"', ['run'], [['A', 'x y']]],
    ["run A=it's", ['run'], [['A', "it's"]]],
    ['run A=a=b==', ['run'], [['A', 'a=b==']]],
    ['run http://x/?a=b', ['run', 'http://x/?a=b'], []],
    ['run 1A=2 -B=3', ['run', '1A=2', '-B=3'], []],
    ['ack p99 "it is worth it"', ['ack', 'p99', 'it is worth it'], []],
    ['', [], []],
  ])('%j', (text, words, pairs) => expect(splitWords(text)).toEqual({ words, pairs, openQuote: false }));

  test.each(['run A="x y', "run 'x", 'run “x'])('%j has an open quote', (text) =>
    expect(splitWords(text).openQuote).toBe(true),
  );

  test('any value comes through in straight quotes', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,9}$/);
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('"'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, value), { maxLength: 5 }),
        fc.constantFrom(' ', ',', ', '),
        (pairs, by) => {
          const text = pairs.map(([key, one]) => `${key}="${one}"`).join(by);
          expect(splitWords(text)).toEqual({ words: [], pairs, openQuote: false });
        },
      ),
    );
  });

  test('no text makes it throw, hang or lose a letter', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'aB_1=,"\'“”„‘«» \t-ü\n'), maxLength: 60 });
    fc.assert(
      fc.property(texts, (text) => {
        const { words, pairs } = splitWords(text);
        const letters = (from: string) =>
          [...from]
            .filter((one) => /[aB1ü]/.test(one))
            .sort()
            .join('');
        expect(letters([...words, ...pairs.flat()].join(''))).toBe(letters(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a command', () => {
  test.each([
    ['', { name: 'help', words: [] }],
    ['HELP Run', { name: 'help', words: ['Run'] }],
    ['run smoke', { name: 'run', words: ['smoke'] }],
    ['run smoke abc1234 A=1', { name: 'run', words: ['smoke', 'abc1234'], pairs: { A: '1' } }],
    ['get smoke latest --main', { name: 'get', words: ['smoke', 'latest'], flags: ['main'] }],
    ['compare smoke --MAIN latest', { name: 'compare', words: ['smoke', 'latest'], flags: ['main'] }],
    ['get smoke latest —main', { name: 'get', flags: ['main'] }],
    ['rerun failed', { name: 'rerun', words: ['failed'] }],
    ['ack p99 needed for the fix', { name: 'ack', words: ['p99', 'needed', 'for', 'the', 'fix'] }],
  ])('%j', (text, expected) => expect(command(text)).toMatchObject(expected));

  test.each(COMMANDS.map(({ name, example }) => [name, example] as const))(
    'the example of %s is right',
    (name, example) => expect(command(example).name).toBe(name),
  );

  test('a parameter may have any name, also one that objects have', () => {
    const { pairs } = command('run smoke __proto__=x constructor=y toString=z');
    expect(Object.entries(pairs)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['toString', 'z'],
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('what is not understood gets one answer with a line to copy', () => {
  test.each([
    ['rnu smoke', 'Did you mean `run`?', 'Copy: `/perf-bot rnu'.replace('rnu', 'run smoke`')],
    ['statsu', '`status`', 'Copy: `/perf-bot status`'],
    ['canc', '`cancel`', 'Copy: `/perf-bot cancel`'],
    ['frobnicate', 'There is no command `frobnicate`', 'Copy: `/perf-bot help`'],
    ['constructor', 'There is no command', 'Copy: `/perf-bot help`'],
    ['run', '`JOB` is missing', 'Usage: `/perf-bot run JOB [KEY=VALUE…]`'],
    ['run a b c', 'does not take `c`', 'Copy: `/perf-bot run getting-started`'],
    ['list A=1', '`list` takes no `KEY=VALUE`', 'Copy: `/perf-bot list`'],
    ['run a A=1 A=2', '`A` has two values', 'Usage:'],
    ['run a A="1', 'is not closed', 'Usage:'],
    ['run a --force', '`run` has no option `--force`', 'Usage:'],
    ['list --main', '`list` has no option `--main`', 'Usage:'],
    ['ack p99 because p=0.05', 'put the reason in quotes', 'Usage: `/perf-bot ack METRIC "REASON"`'],
    ['history smoke', '`METRIC` is missing', 'Usage:'],
  ])('%j', (text, why, copy) => {
    expect(problem(text)).toContain(why);
    expect(problem(text)).toContain(copy);
  });

  test('and no text breaks out of the answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'`@<>|\\[]()*_#\n -r"=') }), (text) => {
        const answer = parse(`xrunx ${text}`);
        if (answer.kind === 'problem')
          expect(answer.help.replaceAll(/(`+)[^`].*?\1(?!`)/g, '')).not.toMatch(/[@<>]/);
      }),
    );
  });

  test('whatever is typed is a command of the table or a problem', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.constantFrom(...COMMAND_NAMES, ''), fc.string({ unit: 'grapheme' })),
        ([name, rest]) => {
          const parsed = parse(`${name} ${rest}`);
          if (parsed.kind === 'problem') return expect(parsed.help.length).toBeGreaterThan(10);
          const { words } = specOf(parsed.command.name);
          expect(parsed.command.words.length).toBeGreaterThanOrEqual(words[0]);
          expect(parsed.command.words.length).toBeLessThanOrEqual(words[1]);
        },
      ),
    );
  });
});

describe('did you mean', () => {
  const jobs = ['getting-started', 'smoke', 'throughput', 'heap'];
  test.each([
    ['geting-started', 'getting-started'],
    ['getting_started', 'getting-started'],
    ['GETTING-STARTED', 'getting-started'],
    ['somke', 'smoke'],
    ['smoke-test', 'smoke'],
    ['thr', 'throughput'],
    ['th', undefined],
    ['haep', 'heap'],
    ['x', undefined],
    ['', undefined],
    ['wholly-else', undefined],
  ])('%j: %j', (name, meant) => expect(nearest(name, jobs)).toBe(meant));

  test('no candidates, no guess; long names are no trouble', () => {
    expect(nearest('a', [])).toBeUndefined();
    expect(nearest('a'.repeat(100_000), ['a'.repeat(100_000)])).toBeDefined();
  });

  test('a name is nearest to itself', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z-]{1,20}$/), { minLength: 1 }), (names) => {
        for (const name of names) expect(nearest(name, names)).toBe(name);
      }),
    );
  });
});
