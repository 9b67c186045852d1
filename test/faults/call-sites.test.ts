/** The search for calls in the code itself: that it finds what is there, and that nothing reaches the network by a way that it does not know. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { callSites } from './call-sites.ts';

const PATIENCE_MS = 120_000;

test(
  'finds calls of every kind',
  () => {
    const found = callSites().map(({ file, within, text }) => `${file} ${within}: ${text}`);
    for (const site of [
      'lib/aws/document-table.ts get: client.send',
      'lib/aws/dynamo-dead-letters.ts remove: table.delete',
      'lib/aws/sqs-queue.ts send: call',
      'lib/github/github-client.ts react: call',
      'lib/horreum/horreum-datastore.ts runsLabelled: call',
      'lib/perflab/jenkins-api.ts wholeLogTail: client.send',
      'lib/perflab/github-job-log.ts readJobLogTail: call',
      'lib/http/outside-call.ts send: httpsRequest',
    ])
      expect(found).toContain(site);
  },
  PATIENCE_MS,
);

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
  'lib/github/github-app.ts',
  'lib/http/outside-call.ts',
];
