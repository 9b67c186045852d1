/** Makes the environment of the local server: `.env` in place of Lambda's variables and secrets, embedded stores in place of AWS. */
import { createAwsCall, credentialsFromEnvironment, type AwsCall } from '../../../lib/aws/aws-call.ts';
import { secretList, type BotEnvironment } from '../../../lib/wiring/environment.ts';
import { createQueues, createTable, type QueueUrls } from '../stores/create-stores.ts';
import { startEmbeddedStores } from '../stores/embedded-stores.ts';
import { createFileSecrets, keptSecret } from '../stores/file-secrets.ts';

export type Variables = Record<string, string | undefined>;

export interface LocalEnvironment {
  readonly environment: BotEnvironment;
  readonly queues: QueueUrls;
  readonly sqs: AwsCall;
  /** What `/config` asks for locally, where no IAM stands before it. */
  readonly adminToken: string;
  /** The table is kept in a folder of this process: nobody else works on it. */
  readonly isAlone: boolean;
  close(): Promise<void>;
}

const TABLE_NAME = 'perf-bot';

export interface LocalOptions {
  /** Undefined: everything in memory and in `secretsDir`. */
  readonly dataDir: string | undefined;
  readonly secretsDir: string;
  readonly sink: (line: string) => void;
  readonly nowMs?: () => number;
}

/** Starts (or finds, by `AWS_ENDPOINT_URL_…`) the stores and makes table and queues where they are absent. */
export async function createLocalEnvironment(
  given: Variables,
  { dataDir, secretsDir, sink, nowMs = Date.now }: LocalOptions,
): Promise<LocalEnvironment> {
  if (!given['AWS_ENDPOINT_URL_DYNAMODB'] !== !given['AWS_ENDPOINT_URL_SQS'])
    throw new Error('Set AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_SQS both, or neither.');
  const stores = given['AWS_ENDPOINT_URL_SQS'] ? undefined : await startEmbeddedStores(dataDir);
  const dynamoDbUrl = stores?.dynamoDbUrl ?? given['AWS_ENDPOINT_URL_DYNAMODB'];
  const sqsUrl = stores?.sqsUrl ?? given['AWS_ENDPOINT_URL_SQS'];
  const region = given['AWS_REGION'] || 'us-east-1';
  const aws = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: stores?.credentials.accessKeyId ?? (given['AWS_ACCESS_KEY_ID'] || 'local'),
    AWS_SECRET_ACCESS_KEY: stores?.credentials.secretAccessKey ?? (given['AWS_SECRET_ACCESS_KEY'] || 'local'),
    AWS_SESSION_TOKEN: stores ? undefined : given['AWS_SESSION_TOKEN'],
  };
  const sqs = createAwsCall({
    service: 'sqs',
    region,
    endpoint: sqsUrl,
    credentials: () => credentialsFromEnvironment({ ...given, ...aws }),
    nowMs,
  });
  await createTable(TABLE_NAME, {
    region,
    ...(dynamoDbUrl === undefined ? {} : { endpoint: dynamoDbUrl }),
    credentials: { accessKeyId: aws.AWS_ACCESS_KEY_ID, secretAccessKey: aws.AWS_SECRET_ACCESS_KEY },
  });
  const queues = await createQueues(sqs);
  const urlTokenSecret = given['URL_TOKEN_SECRET'] || (await keptSecret(secretsDir, 'url-token-secret'));
  const variables: Variables = {
    ...given,
    ...aws,
    TABLE_NAME,
    COMMANDS_QUEUE_URL: queues.commands,
    RUNS_QUEUE_URL: queues.runs,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl,
    AWS_ENDPOINT_URL_SQS: sqsUrl,
  };
  const environment: BotEnvironment = {
    variables,
    sink,
    nowMs,
    gitHubWebhookSecrets: () => Promise.resolve(secretList(given['GITHUB_WEBHOOK_SECRET'])),
    urlTokenSecrets: () => Promise.resolve(secretList(urlTokenSecret)),
    gitHubApp: () => Promise.resolve(appKeyOf(given)),
    projectSecrets: createFileSecrets(secretsDir),
    labCa: () => Promise.resolve(given['LAB_CA_CERTIFICATES']?.replace(/\\n/g, '\n')),
  };
  return {
    environment,
    queues,
    sqs,
    adminToken: await keptSecret(secretsDir, 'admin-token'),
    isAlone: dataDir !== undefined && !given['AWS_ENDPOINT_URL_DYNAMODB'],
    close: async () => stores?.close(),
  };
}

function appKeyOf(given: Variables) {
  const { GITHUB_APP_ID: appId, GITHUB_PRIVATE_KEY: key } = given;
  return appId && key ? { appId, privateKey: key.replace(/\\n/g, '\n') } : undefined;
}
