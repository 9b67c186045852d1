/** The list of places against the code: a call that is added to the code and not to the matrix turns this red. */
import { readFileSync, globSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { LAB_PLACES } from './lab-places.ts';
import { NOT_IN_THE_MATRIX, PLACES, type System } from './places.ts';

const sources = (pattern: string) =>
  globSync(pattern).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const found = (pattern: string, expression: RegExp) =>
  sources(pattern).flatMap(({ text }) => [...text.matchAll(expression)].map(([, call = '']) => call));
const callsOf = (system: System) => PLACES.filter((place) => place.system === system).map(({ call }) => call);
const withStars = (path: string) => path.replace(/\$?\{[^}]*\}/g, '*');

describe('the list of places', () => {
  test('holds every route of GitHub that the bot names', () => {
    const routes = new Set(
      found('lib/{github,bot,wiring}/**/*.ts', /'((?:GET|POST|PUT|PATCH|DELETE) \/[^']*)'/g).map(withStars),
    );
    const known = [...callsOf('github'), ...NOT_IN_THE_MATRIX.map(({ call }) => call)];
    expect([...routes].filter((route) => !known.includes(route))).toEqual([]);
    expect(routes.size).toBeGreaterThan(10);
  });

  test('names no route that is gone', () => {
    const routes = found('lib/**/*.ts', /'((?:GET|POST|PUT|PATCH|DELETE) \/[^']*)'/g).map(withStars);
    // Octokit itself asks for installation tokens; a lab's paths are put together.
    const elsewhere = ['POST /app/installations/*/access_tokens', ...LAB_PLACES.map(({ call }) => call)];
    const ours = callsOf('github').filter((call) => !elsewhere.includes(call));
    expect(ours.filter((call) => !routes.includes(call))).toEqual([]);
  });

  test('holds every path of Horreum that results are read from', () => {
    const paths = found('lib/horreum/horreum-datastore.ts', /[`'](\/api\/[^`']*)[`']/g).map(withStars);
    const known = callsOf('horreum').map((call) => call.replace(/^GET /, ''));
    expect([...new Set(paths)].sort()).toEqual([...known].sort());
  });

  test('holds every page of Jenkins that runs are started, followed and stopped by', () => {
    const paths = found('lib/perflab/jenkins{,-api,-cancel}.ts', /[`'}](\/[a-zA-Z]+(?:\/[a-zA-Z]+)*)/g);
    const verbs = found('lib/perflab/jenkins-cancel.ts', /(?:gentle|firm|kill): '(\w+)'/g).map(
      (verb) => `/${verb}`,
    );
    const known = callsOf('jenkins');
    const wanted = new Set([...paths.filter((path) => path !== '/job'), ...verbs]);
    const excused = NOT_IN_THE_MATRIX.map(({ call }) => call);
    const isKnown = (path: string) => excused.includes(path) || known.some((call) => call.includes(path));
    expect([...wanted].filter((path) => !isKnown(path))).toEqual([]);
    expect(wanted.size).toBeGreaterThan(6);
  });

  test('holds every operation of AWS, and every kind of item and index', () => {
    const places = PLACES.filter(({ system }) => ['dynamodb', 'sqs', 'secretsmanager'].includes(system));
    const named = (word: string) => places.some(({ call }) => call.split(' ').includes(word));
    const excused = (word: string) => NOT_IN_THE_MATRIX.some(({ call }) => call === word);
    const words = [
      ...found(
        'lib/aws/*.ts',
        /new (Get|Put|Update|Delete|Query|Scan|BatchGet|BatchWrite|TransactWrite)Command/g,
      ).map((verb) => (verb === 'Query' ? verb : `${verb}Item`)),
      ...found('lib/**/*.ts', /'(?:AmazonSQS|secretsmanager)\.(\w+)'/g),
      ...found('lib/aws/table.ts', /=> `([A-Z]+)#/g),
      ...found('lib/aws/table.ts', /name: '([a-z-]+)'/g),
    ];
    expect([...new Set(words)].filter((word) => !named(word) && !excused(word))).toEqual([]);
  });

  test('has as many calls of the other labs as the code has places that call them', () => {
    const counts = Object.fromEntries(
      sources('lib/perflab/{argo,github,webhook}*.ts')
        .filter(({ path }) => !path.endsWith('-check.ts'))
        .map(({ path, text }) => [
          path,
          text.match(/\bclient\.(?:send|read|readOrWait)\(|\bcall\(\{/g)?.length ?? 0,
        ])
        .filter(([, count]) => count !== 0),
    ) as Record<string, number>;
    expect(counts).toEqual(LAB_CALL_SITES);
  });

  test('knows every file that can reach the network at all', () => {
    const reaches =
      /from 'node:(?:https?|net|tls|dgram|http2)'|import\('node:(?:https?|net)'\)|getBuiltinModule\(|\bfetch\(|'@octokit\/app'|'@aws-sdk\/client-/;
    const files = sources('{lib,functions}/**/*.ts')
      .filter(({ text }) => reaches.test(text.replace(/import type .*/g, '')))
      .map(({ path }) => path);
    expect(files.sort()).toEqual(NETWORK_FILES);
  });
});

/** Where the labs but Jenkins are called; whoever adds a call adds its place to `lab-places.ts`. Checks of the configuration are the operator's. */
const LAB_CALL_SITES: Readonly<Record<string, number>> = {
  'lib/perflab/argo-cd.ts': 3,
  'lib/perflab/argo-workflows.ts': 6,
  'lib/perflab/github-actions.ts': 8,
  'lib/perflab/github-job-log.ts': 2,
  'lib/perflab/webhook.ts': 1,
};

/** Whoever adds one adds its calls to the list of places, too. */
const NETWORK_FILES: readonly string[] = [
  'lib/aws/aws-call.ts',
  'lib/aws/document-table.ts',
  'lib/github/github-app.ts',
  'lib/http/outside-call.ts',
];
