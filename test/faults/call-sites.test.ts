/** The ways out that the search for calls begins with: nothing else reaches the network. What is found is held against the scenarios in `faults.test.ts`. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

test('every file that can reach the network at all is known', () => {
  const reaches =
    /from 'node:(?:https?|net|tls|dgram|http2)'|import\('node:(?:https?|net)'\)|getBuiltinModule\(|\bfetch\(|'@octokit\/app'|'@aws-sdk\/client-/;
  const files = globSync('{lib,functions}/**/*.ts').filter((path) =>
    reaches.test(readFileSync(path, 'utf8').replace(/import type .*/g, '')),
  );
  expect(files.sort()).toEqual(NETWORK_FILES);
});

/** Whoever adds one adds it to the ways out of `call-sites.ts`, too. */
const NETWORK_FILES: readonly string[] = [
  'lib/aws/aws-call.ts',
  'lib/aws/document-table.ts',
  'lib/github/octokit-app.ts',
  'lib/http/outside-call.ts',
  'lib/http/trusted-certificates.ts',
];
