/** Makes the environment of a deployed function: variables from Lambda, secrets from Secrets Manager. */
import { createAwsCall, credentialsFromEnvironment } from '../aws/aws-call.ts';
import { createProjectSecretStore, createSecretReader, type SecretReader } from '../aws/secrets-manager.ts';
import { readSettings, type Environment } from '../settings.ts';
import { secretList, type BotEnvironment } from './environment.ts';

export function lambdaEnvironment(
  variables: NodeJS.ProcessEnv = process.env,
  nowMs = () => Date.now(),
  sink = (line: string): void => void process.stdout.write(`${line}\n`),
): BotEnvironment {
  const { webhookSecretId, gitHubAppSecretId, labCaSecretId, projectSecretPrefix } = readSettings(
    variables,
    [],
  );
  const call = createAwsCall({
    service: 'secretsmanager',
    region: variables['AWS_REGION'] ?? 'us-east-1',
    endpoint: variables['AWS_ENDPOINT_URL_SECRETS_MANAGER'] || variables['AWS_ENDPOINT_URL'],
    credentials: () => credentialsFromEnvironment(variables),
    nowMs,
  });
  const read = createSecretReader(call, nowMs);
  if (isOnLambda(variables)) readEarly(read, [webhookSecretId, gitHubAppSecretId]);
  const field = async (secretId: string | undefined, name: string) =>
    secretId === undefined ? undefined : (await read(secretId))[name];
  return {
    variables,
    sink,
    nowMs,
    gitHubWebhookSecrets: async () => secretList(await field(webhookSecretId, 'githubWebhookSecret')),
    urlTokenSecrets: async () => secretList(await field(webhookSecretId, 'urlTokenSecret')),
    async gitHubApp() {
      const { appId, privateKey } = await read(gitHubAppSecretId ?? '');
      return appId && privateKey ? { appId, privateKey: privateKey.replace(/\\n/g, '\n') } : undefined;
    },
    projectSecrets: createProjectSecretStore(call, read, projectSecretPrefix),
    labCa: () => field(labCaSecretId, 'caCertificates'),
  };
}

export function isOnLambda(variables: Environment): boolean {
  return variables['AWS_LAMBDA_FUNCTION_NAME'] !== undefined;
}

/** While Lambda initialises: the first connection's cost falls where there is a full CPU. What fails is read again at the first event. */
function readEarly(read: SecretReader, secretIds: readonly (string | undefined)[]): void {
  for (const secretId of secretIds) if (secretId !== undefined) read(secretId).catch(() => undefined);
}

/** Made while Lambda initialises, where it has a full CPU; elsewhere at the first event, so that importing needs no environment. */
export function onLambda<Event, Answer>(
  make: () => (event: Event) => Promise<Answer>,
): (event: Event) => Promise<Answer> {
  let made = isOnLambda(process.env) ? make() : undefined;
  return (event) => (made ??= make())(event);
}
