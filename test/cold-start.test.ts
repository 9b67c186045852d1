/** What a function's first event makes Node load: each of these modules costs a cold start milliseconds, and one careless line brings it back. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleFunctions } from '../infra/aws/bundle.ts';
import { FUNCTION_NAMES } from '../infra/aws/functions.ts';
import { benchSecrets, benchVariables, usualEvent } from './bench/sample-events.ts';
import { startStub, type Stub } from './bench/start-stub.ts';

const COSTLY = [
  'NativeModule internal/deps/undici/undici', // Node's fetch
  'NativeModule internal/webstreams/readablestream',
  'NativeModule internal/crypto/webcrypto',
  'NativeModule internal/navigator',
  'NativeModule fs/promises', // somebody reads ~/.aws
];
const CALL = `
require(process.env.BUNDLE).handler(JSON.parse(process.env.EVENT), { awsRequestId: '1' }).then((answer) => {
  process.stderr.write(JSON.stringify({ answer, loaded: process.moduleLoadList }));
  process.exit(0);
});`;

let outDir = '';
let stub: Stub;
beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'perf-bot-cold-start-'));
  stub = await startStub({ delayMs: 0, secrets: benchSecrets() });
  await bundleFunctions({ names: FUNCTION_NAMES, outDir });
});
afterAll(async () => {
  await stub.close();
  await rm(outDir, { recursive: true, force: true });
});

test.each(FUNCTION_NAMES)('%s loads nothing costly', async (name) => {
  const env = {
    ...benchVariables(stub.url),
    AWS_LAMBDA_FUNCTION_NAME: name,
    BUNDLE: join(outDir, name, 'index.cjs'),
    EVENT: JSON.stringify(usualEvent(name)),
  };
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', CALL], { env });
  const { answer, loaded } = JSON.parse(stderr) as { answer: unknown; loaded: string[] };
  expect(answer ?? {}).not.toMatchObject({ batchItemFailures: [expect.anything()] });
  expect(loaded.filter((one) => COSTLY.includes(one))).toEqual([]);
});
