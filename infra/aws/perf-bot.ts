/** Perf Bot as one construct: queues, table, secrets, functions, API, schedule and alarms, each function granted only what it uses. */
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import type { BrokerQueue } from './amqp-source.ts';
import { BotApi } from './bot-api.ts';
import { BotDashboard } from './bot-dashboard.ts';
import { BotFunction, type LabNetwork } from './bot-function.ts';
import { botMetrics } from './bot-metrics.ts';
import { BotSecrets } from './bot-secrets.ts';
import {
  type AnyFunctionName,
  FUNCTION_NAMES,
  type FunctionName,
  type QueueName,
  type SettingName,
  specOf,
  WORKER_TIMEOUT_SECONDS,
} from './functions.ts';
import { RunTable } from './run-table.ts';
import { SweepSchedule } from './sweep-schedule.ts';
import { workQueue } from './work-queue.ts';

export interface PerfBotProps {
  /** The folder that `npm run bundle` fills: one folder with an `index.cjs` for each function. */
  readonly bundleDir: string;
  /** Environment of the functions; each gets the settings that it reads. Default of `PUBLIC_URL`: the API's own URL. */
  readonly settings?: Readonly<Partial<Record<SettingName, string>>>;
  /** `debug`, `info`, `warn` or `error`. Default: `info`. */
  readonly logLevel?: string;
  /** What the secrets' names begin with. Default: `perf-bot/`. Two bots in one account and region need two. */
  readonly secretPrefix?: string;
  /** What becomes of the table and the two secrets when the stack is removed. Default: they are kept, and the table refuses to be deleted. */
  readonly removalPolicy?: RemovalPolicy;
  /** How long log lines are kept, in days. Default: one month. */
  readonly logRetentionDays?: RetentionDays;
  /** Memory of the two workers, in MB. Default: as in functions.ts. */
  readonly workerMemoryMb?: number;
  /**
   * How many commands, and as many runs, are worked on at once; at least 2. Default: 2, which with two for the dead letters leaves
   * room for the doors even in a new account, where Lambda runs 10 functions at once. No concurrency is reserved.
   */
  readonly workerConcurrency?: number;
  /** What the API lets in, all routes together. Default: 20 requests a second, 100 at once. */
  readonly throttle?: { readonly requestsPerSecond: number; readonly burst: number };
  /** Places the workers in an existing network, for labs that are not reachable from the internet. Default: no VPC. */
  readonly labNetwork?: LabNetwork;
  /** Certificate authority (PEM) of a private lab. Default: the public ones only. */
  readonly labCaSecret?: ISecret;
  /** Takes GitHub's events from this queue too, for a network that GitHub can't reach. Default: by webhook only. */
  readonly broker?: BrokerQueue;
}

const LEAST_CONCURRENCY = 2; // that Lambda allows for a queue

export class PerfBot extends Construct {
  readonly functions: Readonly<Record<FunctionName, BotFunction>>;
  readonly queues: Readonly<Record<QueueName, Queue>>;
  /** Of both queues: each queue that Lambda polls costs some 26 cents a month, and each one's alarm 20. */
  readonly deadLetters: Queue;
  readonly runTable: RunTable;
  readonly secrets: BotSecrets;
  readonly api: BotApi;
  /** What the URLs at GitHub, Horreum and in jobs begin with; no slash at its end. */
  readonly publicUrl: string;
  /** Where alarms are told; subscribe whoever should know. */
  readonly alarmTopic: ITopic;
  private readonly props: PerfBotProps;

  constructor(scope: Construct, id: string, props: PerfBotProps) {
    super(scope, id);
    this.props = props;
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const workerTimeout = Duration.seconds(WORKER_TIMEOUT_SECONDS);

    this.deadLetters = workQueue(this, 'DeadLetters', workerTimeout);
    this.queues = {
      commands: workQueue(this, 'Commands', workerTimeout, this.deadLetters),
      runs: workQueue(this, 'Runs', workerTimeout, this.deadLetters),
    };
    this.runTable = new RunTable(this, 'Table', { removalPolicy });
    this.secrets = new BotSecrets(this, 'Secrets', {
      prefix: props.secretPrefix ?? 'perf-bot/',
      removalPolicy,
    });
    this.api = new BotApi(this, 'Door', {
      accessLog: this.logGroup('AccessLog'),
      ...(props.throttle ?? { requestsPerSecond: 20, burst: 100 }),
    });
    this.publicUrl = props.settings?.PUBLIC_URL ?? this.api.url;
    this.functions = Object.fromEntries(
      FUNCTION_NAMES.map((name) => [name, this.botFunction(name)]),
    ) as PerfBot['functions'];

    for (const name of FUNCTION_NAMES) this.api.open(name, this.functions[name].lambda);
    new SweepSchedule(this, 'Sweep', { sweeper: this.functions.sweeper.lambda });

    if (props.broker) this.botFunction('amqp-worker').consumeBroker(props.broker);

    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic').topic;
    const metrics = botMetrics(this);
    new Alarms(this, 'Alarms', { metrics, topic: this.alarmTopic });
    new BotDashboard(this, 'Overview', { metrics });
  }

  /** Lets a role or user read and write the projects' configuration through the API. */
  grantConfigure(grantee: IGrantable): void {
    this.api.grantConfigure(grantee);
  }

  private botFunction(name: AnyFunctionName): BotFunction {
    const { bundleDir, labNetwork, labCaSecret, workerMemoryMb, logLevel, settings } = this.props;
    const declared = specOf(name);
    const spec = declared.reachesLab && workerMemoryMb ? { ...declared, memoryMb: workerMemoryMb } : declared;
    const bot = new BotFunction(this, name, {
      spec,
      bundleDir: join(bundleDir, name),
      logGroup: this.logGroup(`${name}-log`),
      ...(labNetwork && { labNetwork }),
    });
    if (spec.table) bot.bindTable(this.runTable);
    for (const queue of spec.sendsTo ?? []) bot.bindQueue(queue, this.queues[queue]);
    for (const queue of spec.measures ?? []) bot.bindDepth(this.queues[queue]);
    for (const secret of spec.reads ?? []) bot.bindSecret(secret, this.secrets.byName[secret]);
    if (spec.projectSecrets) bot.bindProjectSecrets(this.secrets);
    if (spec.reachesLab && labCaSecret) bot.bindLabCa(labCaSecret);
    this.feed(bot);

    const values = { ...settings, PUBLIC_URL: this.publicUrl };
    for (const setting of spec.settings ?? []) if (values[setting]) bot.set(setting, values[setting]);
    bot.set('LOG_LEVEL', logLevel ?? 'info');
    return bot;
  }

  private feed(bot: BotFunction): void {
    const { fedBy } = bot.spec;
    if (!fedBy) return;
    if (fedBy === 'dead letters') bot.consume('dead-letters', this.deadLetters, LEAST_CONCURRENCY);
    else bot.consume(fedBy, this.queues[fedBy], this.props.workerConcurrency ?? LEAST_CONCURRENCY);
  }

  private logGroup(id: string): LogGroup {
    return new LogGroup(this, id, {
      retention: this.props.logRetentionDays ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY, // what is in them ends by itself
    });
  }
}
