/** The environment of a deployed function: variables from Lambda, secrets from Secrets Manager. */
import { createAwsCall, credentialsFromEnvironment } from '../aws/aws-call.ts';
import { createProjectSecretStore, createSecretReader } from '../aws/secrets-manager.ts';
import { secretList, type BotEnvironment } from './environment.ts';

export function lambdaEnvironment(): BotEnvironment {
  const variables = process.env;
  const nowMs = () => Date.now();
  const call = createAwsCall({
    service: 'secretsmanager',
    region: variables['AWS_REGION'] ?? 'us-east-1',
    endpoint: variables['AWS_ENDPOINT_URL_SECRETS_MANAGER'],
    credentials: () => credentialsFromEnvironment(variables),
    nowMs,
  });
  const read = createSecretReader(call, nowMs);
  const field = async (secretId: string | undefined, name: string) =>
    secretId === undefined ? undefined : (await read(secretId))[name];
  return {
    variables,
    sink: (line) => process.stdout.write(`${line}\n`),
    nowMs,
    gitHubWebhookSecrets: async () =>
      secretList(await field(variables['WEBHOOK_SECRET_ID'], 'githubWebhookSecret')),
    urlTokenSecrets: async () => secretList(await field(variables['WEBHOOK_SECRET_ID'], 'urlTokenSecret')),
    async gitHubApp() {
      const { appId, privateKey } = await read(variables['GITHUB_APP_SECRET_ID'] ?? '');
      return appId && privateKey ? { appId, privateKey: privateKey.replace(/\\n/g, '\n') } : undefined;
    },
    projectSecrets: createProjectSecretStore(
      call,
      read,
      variables['PROJECT_SECRET_PREFIX'] ?? 'perf-bot/projects/',
    ),
    labCa: () => field(variables['LAB_CA_SECRET_ID'], 'caCertificates'),
  };
}

/** Made while Lambda initialises, where it has a full CPU; elsewhere at the first event, so that importing needs no environment. */
export function onLambda<Event, Answer>(
  make: () => (event: Event) => Promise<Answer>,
): (event: Event) => Promise<Answer> {
  let made = process.env['AWS_LAMBDA_FUNCTION_NAME'] === undefined ? undefined : make();
  return (event) => (made ??= make())(event);
}
