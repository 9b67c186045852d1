/** Which automatic rules an event sets off. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  matches,
  matchesPaths,
  rulesSetOffBy,
  type AutomaticEvent,
  type AutomaticRule,
} from '../../../../lib/bot/commands/automatic-rules.ts';
import { aJob, aProject } from '../a-project.ts';
import { inBoundedTime } from '../../../in-bounded-time.ts';

type PullRequestEvent = Extract<AutomaticEvent, { kind: 'pull-request' }>;
const pull = (more: Partial<PullRequestEvent> = {}): PullRequestEvent => ({
  kind: 'pull-request',
  action: 'opened',
  number: 7,
  headSha: 'a'.repeat(40),
  baseRef: 'main',
  fromFork: false,
  draft: false,
  label: undefined,
  sender: { id: 1, login: 'ana' },
  happenedAtMs: 0,
  repository: { id: 1, fullName: 'acme/shop', private: false },
  installationId: 2,
  ...more,
});
const push = (branch: string): AutomaticEvent => ({
  kind: 'push',
  branch,
  headSha: 'a'.repeat(40),
  sender: { id: 1, login: 'ana' },
  changedPaths: [],
  repository: { id: 1, fullName: 'acme/shop', private: false },
  installationId: 2,
});
const isSetOff = (rule: AutomaticRule, event: AutomaticEvent): boolean =>
  rulesSetOffBy(aProject({ jobs: { smoke: aJob({ automatic: [rule] }) } }), event).length > 0;

describe('an event and a rule', () => {
  test.each<[AutomaticRule, AutomaticEvent, boolean]>([
    [{ on: 'opened' }, pull(), true],
    [{ on: 'opened' }, pull({ action: 'reopened' }), true],
    [{ on: 'opened' }, pull({ action: 'ready_for_review' }), true],
    [{ on: 'opened' }, pull({ action: 'synchronize' }), true],
    [{ on: 'opened' }, pull({ action: 'labeled', label: 'perf' }), false],
    [{ on: 'opened' }, pull({ action: 'closed' }), false],
    [{ on: 'opened' }, pull({ draft: true }), false],
    [{ on: 'opened' }, pull({ fromFork: true }), false],
    [{ on: 'opened' }, push('main'), false],
    [{ on: 'label', label: 'perf' }, pull({ action: 'labeled', label: 'perf' }), true],
    [{ on: 'label', label: 'perf' }, pull({ action: 'labeled', label: 'Perf' }), false],
    [{ on: 'label', label: 'perf' }, pull({ action: 'labeled' }), false],
    [{ on: 'label' }, pull({ action: 'labeled' }), false],
    [{ on: 'label', label: 'perf' }, pull({ action: 'opened', label: 'perf' }), false],
    [{ on: 'label', label: 'perf' }, pull({ action: 'labeled', label: 'perf', fromFork: true }), false],
    [{ on: 'push', branches: ['main'] }, push('main'), true],
    [{ on: 'push', branches: ['main'] }, push('maintenance'), false],
    [{ on: 'push', branches: ['x', 'release/*'] }, push('release/1.2'), true],
    [{ on: 'push', branches: ['release/*'] }, push('release/1/2'), false],
    [{ on: 'push', branches: ['release/**'] }, push('release/1/2'), true],
    [{ on: 'push', branches: [] }, push('main'), false],
    [{ on: 'push' }, push('main'), false],
    [{ on: 'push', branches: ['main'] }, pull({ action: 'synchronize' }), false],
  ])('%j', (rule, event, is) => expect(isSetOff(rule, event)).toBe(is));

  test('each rule of each job counts by itself and keeps its position', () => {
    const automatic: AutomaticRule[] = [
      { on: 'push', branches: ['main'] },
      { on: 'opened' },
      { on: 'opened', paths: ['src/**'] },
    ];
    const project = aProject({ jobs: { a: aJob({ automatic }), b: aJob(), c: aJob({ automatic }) } });
    expect(rulesSetOffBy(project, pull()).map(({ jobId, index }) => [jobId, index])).toEqual([
      ['a', 1],
      ['a', 2],
      ['c', 1],
      ['c', 2],
    ]);
  });
});

describe('paths', () => {
  test.each([
    ['src/**', 'src/a/b.ts', true],
    ['src/**', 'srcs/a.ts', false],
    ['src/*', 'src/a.ts', true],
    ['src/*', 'src/a/b.ts', false],
    ['**/*.md', 'README.md', true],
    ['**/*.md', 'docs/a/b.md', true],
    ['**/*.md', 'docs/a/b.mdx', false],
    ['*.md', 'docs/a.md', false],
    ['**', 'anything/at/all', true],
    ['a.b', 'axb', false],
    ['a+(b)[c]{d}^$|?\\', 'a+(b)[c]{d}^$|?\\', true],
    ['', '', true],
  ])('%j %j: %p', (pattern, path, is) => expect(matches(pattern, path)).toBe(is));

  test('as a regular expression would, on everything short', () => {
    const asRegExp = (pattern: string) =>
      new RegExp(
        `^${pattern.replace(/\*\*\/|\*\*|\*/g, (stars) => ({ '**/': '(?:.*/)?', '**': '.*' })[stars] ?? '[^/]*')}$`,
      );
    const pieces = (of: readonly string[]) => fc.array(fc.constantFrom(...of), { maxLength: 9 });
    fc.assert(
      fc.property(pieces(['*', '**', '**/', '/', 'a', 'b']), pieces(['/', 'a', 'b']), (pattern, path) => {
        expect(matches(pattern.join(''), path.join(''))).toBe(asRegExp(pattern.join('')).test(path.join('')));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each(['*a', '**a', '**/', '**/*a'])('many of %j are compared with a long path in no time', (part) => {
    const folder = 'a'.repeat(255);
    const paths = [Array.from({ length: 16 }, () => folder).join('/'), `${'a/'.repeat(2_000)}c`];
    for (const path of paths) expect(inBoundedTime(() => matches(`${part.repeat(40)}b`, path))).toBe(false);
  });

  test('one changed file that fits one pattern is enough; no patterns fit everything', () => {
    const rule: AutomaticRule = { on: 'opened', paths: ['src/**', 'pom.xml'] };
    expect(matchesPaths(rule, ['README.md', 'pom.xml'])).toBe(true);
    expect(matchesPaths(rule, ['README.md'])).toBe(false);
    expect(matchesPaths(rule, [])).toBe(false);
    expect(matchesPaths({ on: 'opened' }, [])).toBe(true);
    expect(matchesPaths({ on: 'opened', paths: [] }, ['a'])).toBe(false);
  });
});
