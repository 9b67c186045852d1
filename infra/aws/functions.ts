/** Every function of the bot in one table: what it is given, what it may touch, and which settings it reads. */

export type QueueName = 'commands' | 'runs';
export type IndexName = 'by-pull-request' | 'open-by-project' | 'due' | 'by-list';
export type SecretName = 'github-app' | 'webhook';

/** The settings an operator chooses; each is the environment variable of the same name. */
export type SettingName =
  | 'PUBLIC_URL'
  | 'GITHUB_API_URL'
  | 'JENKINS_URL'
  | 'HORREUM_URL'
  | 'ALLOWED_HOSTS'
  | 'ACCEPT_UNSIGNED_JOB_CALLBACKS'
  | 'PERF_BOT_PROMPT'
  | 'RUN_TIMEOUT_MINUTES'
  | 'RESULTS_TIMEOUT_MINUTES'
  | 'COMMAND_MAX_AGE_MINUTES';

/** IAM's names without the service: `dynamodb:` for the table, `secretsmanager:` for a project's secrets. */
export type TableAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type ProjectSecretAction = 'GetSecretValue' | 'CreateSecret' | 'PutSecretValue' | 'DeleteSecret';

export interface FunctionSpec {
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Single items by their key; the table is never scanned. */
  readonly table?: readonly TableAction[];
  /** Indexes it may query. */
  readonly indexes?: readonly IndexName[];
  readonly sendsTo?: readonly QueueName[];
  /** Queues whose depth it may read. */
  readonly measures?: readonly QueueName[];
  /** The queue that feeds it; `dead letters` are those of both. */
  readonly fedBy?: QueueName | 'dead letters';
  readonly reads?: readonly SecretName[];
  readonly projectSecrets?: readonly ProjectSecretAction[];
  readonly settings?: readonly SettingName[];
  /** It talks to PerfLab and Horreum, so it moves into their network where there is one. */
  readonly reachesLab?: true;
}

const READ_WRITE = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;
const LAB_SETTINGS = ['PUBLIC_URL', 'GITHUB_API_URL', 'JENKINS_URL', 'HORREUM_URL', 'ALLOWED_HOSTS'] as const;

/** What a run keeps from the moment that it is made. */
const RUN_LIMITS = ['RUN_TIMEOUT_MINUTES', 'RESULTS_TIMEOUT_MINUTES', 'COMMAND_MAX_AGE_MINUTES'] as const;

/** GitHub hangs up after 10 s, and Horreum has 20 connections in all: a door that is slower than this is of no use. */
const DOOR = { memoryMb: 256, timeoutSeconds: 10 } as const;

/** The time-out that the queues' visibility is computed from. A worker never sleeps; this is room for slow labs. */
export const WORKER_TIMEOUT_SECONDS = 30;
const WORKER = { memoryMb: 512, timeoutSeconds: WORKER_TIMEOUT_SECONDS } as const;

/** File name in functions/ → what it is. */
export const FUNCTIONS = {
  'github-webhook': {
    ...DOOR,
    description: "POST /github: checks GitHub's signature and queues what the bot acts on",
    sendsTo: ['commands'],
    reads: ['webhook'],
    settings: ['PERF_BOT_PROMPT'],
  },
  'horreum-webhook': {
    ...DOOR,
    description: 'POST /horreum/…: checks the token in the URL and queues a hint',
    sendsTo: ['runs'],
    reads: ['webhook'],
  },
  'perflab-webhook': {
    ...DOOR,
    description: 'POST /job…: checks the token or signature and queues a hint',
    sendsTo: ['runs'],
    reads: ['webhook'],
    settings: ['ACCEPT_UNSIGNED_JOB_CALLBACKS'],
  },
  'command-worker': {
    ...WORKER,
    description: 'Carries out one command of one comment or button',
    fedBy: 'commands',
    table: READ_WRITE,
    indexes: ['by-pull-request', 'open-by-project', 'by-list'],
    sendsTo: ['commands', 'runs'],
    reads: ['github-app', 'webhook'],
    projectSecrets: ['GetSecretValue'],
    settings: [...LAB_SETTINGS, ...RUN_LIMITS, 'PERF_BOT_PROMPT'],
    reachesLab: true,
  },
  'run-worker': {
    ...WORKER,
    description: 'Reconciles one run with PerfLab, Horreum and GitHub',
    fedBy: 'runs',
    table: READ_WRITE,
    indexes: ['by-pull-request', 'open-by-project'],
    sendsTo: ['runs'],
    reads: ['github-app', 'webhook'],
    projectSecrets: ['GetSecretValue'],
    settings: [...LAB_SETTINGS, 'PERF_BOT_PROMPT'],
    reachesLab: true,
  },
  sweeper: {
    memoryMb: 256,
    timeoutSeconds: 60,
    description: 'Every minute: queues the runs that are due and what GitHub could not deliver',
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    indexes: ['due', 'by-list'],
    sendsTo: ['commands', 'runs'],
    reads: ['github-app'],
    settings: ['GITHUB_API_URL', 'PERF_BOT_PROMPT', 'COMMAND_MAX_AGE_MINUTES'],
  },
  'dead-letters': {
    memoryMb: 256,
    timeoutSeconds: 30,
    description: 'Keeps a message that gave up and tells the people who wait for it',
    fedBy: 'dead letters',
    table: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
    indexes: ['by-pull-request'],
    reads: ['github-app'],
    settings: ['GITHUB_API_URL', 'PERF_BOT_PROMPT'],
  },
  'run-verdict': {
    ...DOOR,
    description: 'GET /runs/{runKey}: the verdict of one run, for merge bots and scripts',
    table: ['GetItem', 'UpdateItem'],
    reads: ['webhook'],
  },
  'admin-api': {
    memoryMb: 256,
    timeoutSeconds: 30,
    description: 'ANY /config…, /admin…: projects, checks, runs and replay, for callers with IAM permission',
    table: READ_WRITE,
    indexes: ['by-pull-request', 'open-by-project', 'by-list'],
    sendsTo: ['commands', 'runs'],
    measures: ['commands', 'runs'],
    reads: ['github-app', 'webhook'],
    projectSecrets: ['GetSecretValue', 'CreateSecret', 'PutSecretValue', 'DeleteSecret'],
    settings: [...LAB_SETTINGS, 'PERF_BOT_PROMPT'],
    reachesLab: true,
  },
} as const satisfies Readonly<Record<string, FunctionSpec>>;

/** Only there where a broker is given (amqp-source.ts): GitHub's events for networks that GitHub can't reach. */
const AMQP_WORKER: FunctionSpec = {
  ...DOOR,
  timeoutSeconds: 30,
  description: "A broker's queue: takes GitHub's events from it and queues what the bot acts on",
  sendsTo: ['commands'],
  reads: ['webhook'],
  settings: ['PERF_BOT_PROMPT'],
};

export type FunctionName = keyof typeof FUNCTIONS;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];
export const OPTIONAL_FUNCTION_NAMES = ['amqp-worker'] as const;
export type AnyFunctionName = FunctionName | (typeof OPTIONAL_FUNCTION_NAMES)[number];

/** The table seen as its general type, so that what a function lacks reads as undefined. */
export const specOf = (name: AnyFunctionName): FunctionSpec =>
  name === 'amqp-worker' ? AMQP_WORKER : FUNCTIONS[name];
