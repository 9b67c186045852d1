/** Whatever a command was, the line that is offered for copying is understood as that very command. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand } from '../../../../lib/bot/grammar/parse-command.ts';
import { lineToCopy } from '../../../../lib/bot/grammar/copyable.ts';

const PROMPT = '/perf-bot';
const SHA = 'a'.repeat(40);

function asCopied(pairs: Readonly<Record<string, string>>) {
  const markdown = lineToCopy(PROMPT, { name: 'run', words: ['bench', SHA], pairs });
  const [, fence = '', line = ''] = /^(`+) ?(.*?) ?\1$/s.exec(markdown) ?? [];
  expect(line).not.toContain(fence);
  return parseCommand(line.slice(PROMPT.length), PROMPT);
}

/** As somebody could have written it: one kind of quote may stand around what holds the others. */
const value = fc
  .string({ unit: fc.constantFrom(...'ab7 ,=\'"“’`|-é'), minLength: 1, maxLength: 30 })
  .filter(
    (text) => text === text.trim() && !/\s\s/.test(text) && !(text.includes('"') && text.includes("'")),
  );

test('a command with any parameters', () => {
  const names = fc.constantFrom('A', 'USERS', 'jdk.version', 'x_y');
  fc.assert(
    fc.property(fc.dictionary(names, value), (pairs) => {
      expect(asCopied(pairs)).toMatchObject({ kind: 'command', command: { words: ['bench', SHA], pairs } });
    }),
  );
});

test('a long one, whole', () => {
  const pairs = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`P${index}`, 'x'.repeat(900)]));
  expect(asCopied(pairs)).toMatchObject({ kind: 'command', command: { pairs } });
});
