/** A worker keeps a project's keys for a while, but never misses a key for a new address. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withOrigins } from '../../../lib/bot/projects/project-keys.ts';
import { lambdaEnvironment } from '../../../lib/wiring/lambda-environment.ts';
import { secretsOf } from '../../../lib/wiring/labs.ts';
import { startAwsStandIn, type AwsStandIn } from '../../faults/aws-stand-in.ts';

const PROJECT = { projectId: 'pabcdefghijklmno', secretNames: ['jobPlatformApiKey'] };
const [OLD, NEW] = [{ jobPlatformUrl: 'http://ci.test' }, { jobPlatformUrl: 'https://ci.test' }];
let nowMs = 1_800_000_000_000;
let aws: AwsStandIn;
beforeAll(async () => void (aws = await startAwsStandIn({ nowMs: () => nowMs })));
afterAll(() => aws.close());

test('a project that moved with its key has it at once in a worker that knows the old one', async () => {
  const environment = lambdaEnvironment(
    { AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    () => nowMs,
    () => undefined,
  );
  const { projectSecrets } = environment;
  await projectSecrets.put(PROJECT.projectId, withOrigins(OLD, { jobPlatformApiKey: 'k' }));
  expect(await secretsOf(environment, { ...PROJECT, ...OLD })).toEqual({ jobPlatformApiKey: 'k' });
  // As the admin API does it, which runs elsewhere.
  const name = [...aws.secrets.keys()].find((key) => key.endsWith(PROJECT.projectId)) ?? '';
  aws.secrets.set(name, JSON.stringify(withOrigins(NEW, { jobPlatformApiKey: 'k' })));
  nowMs += 60_000;
  expect(await secretsOf(environment, { ...PROJECT, ...NEW })).toEqual({ jobPlatformApiKey: 'k' });
  // And somebody else's address gets nothing, however often it is read.
  expect(await secretsOf(environment, { ...PROJECT, jobPlatformUrl: 'https://evil.test' })).toEqual({});
});
