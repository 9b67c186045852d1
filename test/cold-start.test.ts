/** What a function's first event makes Node load: each of these modules costs a cold start milliseconds, and one careless line brings it back. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleFunctions } from '../infra/aws/bundle.ts';
import { FUNCTION_NAMES, type FunctionName } from '../infra/aws/functions.ts';
import { benchSecrets, benchVariables, usualEvent } from './bench/sample-events.ts';
import { startStub, type Stub } from './bench/start-stub.ts';

const DOORS: readonly FunctionName[] = ['github-webhook', 'horreum-webhook', 'perflab-webhook'];
const FETCH = 'NativeModule internal/deps/undici/undici';
/** Behind the doors the AWS SDK loads these in any case; without them a worker would start a hundredth sooner (decision 0030). */
const COSTLY_AT_A_DOOR = [
  'NativeModule internal/webstreams/readablestream',
  'NativeModule internal/navigator',
  'NativeModule fs/promises',
];
/** Besides, it notes which files are read by promises, as the AWS SDK would read `~/.aws`. */
const CALL = `
const filesRead = [];
if (process.env.NOTE_FILES) {
  const files = require('node:fs/promises');
  const { readFile } = files;
  files.readFile = (path, ...more) => { filesRead.push(String(path)); return readFile(path, ...more); };
}
require(process.env.BUNDLE).handler(JSON.parse(process.env.EVENT), { awsRequestId: '1' }).then((answer) => {
  process.stderr.write(JSON.stringify({ answer, filesRead, loaded: process.moduleLoadList }));
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

test.each(FUNCTION_NAMES)('%s loads nothing costly and reads no file', async (name) => {
  const isDoor = DOORS.includes(name);
  const env = {
    ...benchVariables(stub.url),
    AWS_LAMBDA_FUNCTION_NAME: name,
    BUNDLE: join(outDir, name, 'index.cjs'),
    EVENT: JSON.stringify(usualEvent(name)),
    ...(isDoor ? {} : { NOTE_FILES: 'yes' }),
  };
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', CALL], { env });
  const { answer, filesRead, loaded } = JSON.parse(stderr) as {
    answer: unknown;
    filesRead: string[];
    loaded: string[];
  };
  expect(answer ?? {}).not.toMatchObject({ batchItemFailures: [expect.anything()] });
  const costly = [FETCH, ...(isDoor ? COSTLY_AT_A_DOOR : [])];
  expect(loaded.filter((one) => costly.includes(one))).toEqual([]);
  expect(filesRead).toEqual([]);
});
