/** A project is checked with its key as it is stored now, not as it was read some minutes ago. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readProjectFile } from '../../../lib/bot/projects/apply-project.ts';
import { withOrigins } from '../../../lib/bot/projects/project-keys.ts';
import { adminDeps } from '../../../lib/wiring/admin.ts';
import { lambdaEnvironment } from '../../../lib/wiring/lambda-environment.ts';
import { startAwsStandIn, type AwsStandIn } from '../../faults/aws-stand-in.ts';
import { startRawServer, type RawServer } from '../http/raw-server.ts';

const PROJECT_ID = 'pabcdefghijklmno';
const nowMs = () => 1_800_000_000_000;
let aws: AwsStandIn;
let lab: RawServer;
beforeAll(async () => {
  aws = await startAwsStandIn({ nowMs });
  lab = await startRawServer((response) => response.writeHead(404).end());
});
afterAll(() => Promise.all([aws.close(), lab.close()]));

test('a project that has just moved with its key is checked with it', async () => {
  const variables = {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    TABLE_NAME: 'table',
    COMMANDS_QUEUE_URL: 'http://127.0.0.1:9/commands',
    RUNS_QUEUE_URL: 'http://127.0.0.1:9/runs',
  };
  const environment = lambdaEnvironment(variables, nowMs, () => undefined);
  const { projectSecrets } = environment;
  const secretsFor = (jobPlatformUrl: string) => withOrigins({ jobPlatformUrl }, { jobPlatformApiKey: 'k' });
  await projectSecrets.put(PROJECT_ID, secretsFor('http://old.test'));
  await projectSecrets.get(PROJECT_ID);
  await projectSecrets.put(PROJECT_ID, secretsFor(lab.url));
  const file = readProjectFile({
    repoFullName: 'acme/shop',
    jobPlatformUrl: lab.url,
    jobPlatformUser: 'bot',
    jobs: { smoke: { platformJobId: 'smoke' } },
  });
  const { check } = await adminDeps(environment).admin();
  await check(file, PROJECT_ID);
  const login = `Basic ${Buffer.from('bot:k').toString('base64')}`;
  expect(lab.calls.length).toBeGreaterThan(0);
  expect(lab.calls.map(({ headers }) => headers['authorization'])).toEqual(lab.calls.map(() => login));
});
