/** What the lab gets: exactly what is allowed, and nothing of it dropped in silence. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../../lib/bot/record/errors.ts';
import { jobParameters } from '../../../../lib/bot/projects/job-parameters.ts';
import { aJob } from '../a-project.ts';

const measured = { repoFullName: 'acme/shop', pullRequestNumber: 7, headSha: 'f'.repeat(40) };
const MAPPED = { PR: '7', REPO: 'acme/shop', COMMIT: measured.headSha };
const job = aJob({
  configurableParams: {
    rate: { name: 'RATE', pattern: '\\d+', default: '100' },
    jdk: { name: 'JDK', values: ['17', '21', '25'] },
    note: { name: 'NOTE' },
    COMMIT: { name: 'COMMIT', default: 'main' },
    version: { name: 'commit' },
  },
});
const parameters = (given: Record<string, string>, of = job) => jobParameters(of, given, measured);
function refusal(given: Record<string, string>, of = job): string {
  try {
    return `allowed: ${JSON.stringify(parameters(given, of))}`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

describe('what is sent', () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['the pull request, and defaults', {}, { ...MAPPED, RATE: '100' }],
    ['under the lab’s names', { rate: '5', jdk: '21' }, { ...MAPPED, RATE: '5', JDK: '21' }],
    ['an empty value is a value', { note: '' }, { ...MAPPED, RATE: '100', NOTE: '' }],
    [
      'any text where nothing is said',
      { note: '🏎 $(x) `y` ; --z' },
      { ...MAPPED, RATE: '100', NOTE: '🏎 $(x) `y` ; --z' },
    ],
  ])('%s', (_name, given, sent) => expect(parameters(given)).toEqual(sent));

  test('only what the job maps; a branch has no number', () => {
    const bare = { platformJobId: 'x', repoFullNameParam: null, pullRequestNumberParam: 'PR' };
    expect(jobParameters(bare, {}, { ...measured, pullRequestNumber: undefined })).toEqual({});
    expect(jobParameters(bare, {}, measured)).toEqual({ PR: '7' });
  });
});

describe('what is refused', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'an unknown name, with the nearest',
      { jdks: '21' },
      'This job has no parameter `jdks`\nDid you mean `jdk`?',
    ],
    ['an unknown name, with those there are', { zzzzzz: '1' }, 'Parameters: `rate` · `jdk` · `note`'],
    ['another case', { RATE: '1' }, 'Did you mean `rate`?'],
    ['a mapped name that is not configurable', { PR: '8' }, '`PR=` cannot be given'],
    ['a mapped name that is configurable', { COMMIT: 'v1' }, 'Perf Bot sets the commit itself'],
    ['another name for it, in another case', { version: 'v1' }, 'Perf Bot sets the commit itself'],
    ['the run’s own name', { PERF_BOT_RUN: 'x' }, 'Perf Bot sets the key of the run itself'],
    ['a C1 control', { note: 'a\u009bb' }, 'nobody sees'],
    ['a mark of direction', { note: 'a\u202eb' }, 'nobody sees'],
    ['a name that objects have', { constructor: 'x' }, 'This job has no parameter `constructor`'],
    ['__proto__', Object.fromEntries([['__proto__', 'x']]), 'This job has no parameter `__proto__`'],
    ['a value that is not in the list', { jdk: '22' }, 'Allowed values: `17` · `21` · `25`'],
    ['a part of a value of the list', { jdk: '1' }, 'Allowed values:'],
    ['a value that does not match', { rate: 'fast' }, 'It must match `\\d+`'],
    ['a value that matches in part', { rate: '5; rm -rf /' }, 'It must match'],
    ['a value that matches on one of its lines', { rate: '5\nx' }, 'control characters'],
    ['control characters', { note: 'a\u0000b' }, 'control characters'],
    ['a line end', { note: 'a\r\nX: y' }, 'control characters'],
    ['too long a value', { note: 'x'.repeat(2001) }, 'at most 2000 characters'],
  ])('%s', (_name, given, why) => expect(refusal(given)).toContain(why));

  test('anything, where a job takes nothing', () =>
    expect(refusal({ a: '1' }, aJob())).toContain('It takes no parameters.'));

  test('alternatives of a pattern are compared with the whole value', () => {
    const either = aJob({ configurableParams: { x: { name: 'X', pattern: 'a|b' } } });
    expect(refusal({ x: 'ab' }, either)).toContain('must match');
    expect(refusal({ x: 'xb' }, either)).toContain('must match');
    expect(parameters({ x: 'b' }, either)).toMatchObject({ X: 'b' });
  });

  test.each(['(a+)+', '(a|a)*', '(?:a*)*b', '(.*a){30}'])(
    'a pattern that can match in too many ways, %s, says so in bounded time',
    (pattern) => {
      const slow = aJob({ configurableParams: { x: { name: 'X', pattern } } });
      expect(refusal({ x: `${'a'.repeat(1_999)}!` }, slow)).toMatch(/takes too long.*maintainer/);
    },
  );
});

test('whatever is given is sent as it is or refused', () => {
  const names = fc.oneof(fc.constantFrom('rate', 'jdk', 'note', '__proto__', 'toString'), fc.string());
  const values = fc.oneof(fc.constantFrom('17', '21', '5'), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.dictionary(names, values), (given) => {
      const answer = refusal(given);
      if (!answer.startsWith('allowed: ')) return expect(answer).toMatch(/^### ❓ /);
      const sent = parameters(given);
      for (const [name, value] of Object.entries(given))
        expect(sent[{ rate: 'RATE', jdk: 'JDK', note: 'NOTE' }[name] ?? '?']).toBe(value);
    }),
  );
});
