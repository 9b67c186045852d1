/** One function of the bot from its prebuilt bundle. Each `bind…` sets the environment variable and the grant together. */
import { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnEventSourceMapping,
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeSecretPattern } from './acknowledge.ts';
import type { BrokerQueue } from './amqp-source.ts';
import type { BotSecrets } from './bot-secrets.ts';
import type { FunctionSpec, QueueName, SecretName } from './functions.ts';
import { BROKER_NETWORK_ACTIONS, NETWORK_INTERFACE_ACTIONS } from './network-actions.ts';
import type { RunTable } from './run-table.ts';

/** An existing network in which private labs can be reached; it needs a way to GitHub and to AWS (docs/deploy.md). */
export interface LabNetwork {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroups: readonly ISecurityGroup[];
}

export interface BotFunctionProps {
  readonly spec: FunctionSpec;
  /** The folder with `index.cjs` and what belongs to it; it is deployed as it is. */
  readonly bundleDir: string;
  readonly logGroup: ILogGroup;
  /** Only functions that reach the lab are placed in it. */
  readonly labNetwork?: LabNetwork;
}

/** Small, since a message that can't be queued brings back its whole batch. */
const BROKER_BATCH = 10;

const QUEUE_VARIABLES: Readonly<Record<QueueName, string>> = {
  commands: 'COMMANDS_QUEUE_URL',
  runs: 'RUNS_QUEUE_URL',
};
const SECRET_VARIABLES: Readonly<Record<SecretName, string>> = {
  'github-app': 'GITHUB_APP_SECRET_ID',
  webhook: 'WEBHOOK_SECRET_ID',
};

export class BotFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly spec: FunctionSpec;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: BotFunctionProps) {
    super(scope, id);
    this.spec = props.spec;
    // A role of its own instead of AWS' managed policies: those allow more, and on every log group.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], props.logGroup.logGroupArn);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: this.spec.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundleDir),
      handler: 'index.handler',
      memorySize: this.spec.memoryMb,
      timeout: Duration.seconds(this.spec.timeoutSeconds),
      role: this.role,
      // A run's looks are messages that its worker sends to its own queue, which Lambda would take for a loop (decision 0009).
      ...(sendsToItself(this.spec) && { recursiveLoop: RecursiveLoop.ALLOW }),
      logGroup: props.logGroup,
      ...(this.spec.reachesLab && props.labNetwork ? this.placedIn(props.labNetwork) : {}),
    });
  }

  set(variable: string, value: string): void {
    this.lambda.addEnvironment(variable, value);
  }

  /** Single items by key, and the indexes that it may query. */
  bindTable(runTable: RunTable): void {
    const { table: actions = [], indexes = [] } = this.spec;
    this.set('TABLE_NAME', runTable.table.tableName);
    this.allow(
      actions.map((action) => `dynamodb:${action}`),
      runTable.table.tableArn,
    );
    this.allow(['dynamodb:Query'], ...indexes.map((index) => runTable.indexArn(index)));
  }

  bindQueue(name: QueueName, queue: IQueue): void {
    this.set(QUEUE_VARIABLES[name], queue.queueUrl);
    this.allow(['sqs:SendMessage'], queue.queueArn);
  }

  /** It may see how much waits there, nothing else. */
  bindDepth(queue: IQueue): void {
    this.allow(['sqs:GetQueueAttributes'], queue.queueArn);
  }

  bindSecret(name: SecretName, secret: Pick<ISecret, 'secretArn'>): void {
    this.set(SECRET_VARIABLES[name], secret.secretArn);
    this.allow(['secretsmanager:GetSecretValue'], secret.secretArn);
  }

  bindProjectSecrets({ projectPrefix, projectArnPattern }: BotSecrets): void {
    const actions = (this.spec.projectSecrets ?? []).map((action) => `secretsmanager:${action}`);
    this.set('PROJECT_SECRET_PREFIX', projectPrefix);
    this.allow(actions, projectArnPattern);
    acknowledgeSecretPattern(
      this.role,
      `${projectPrefix}*`,
      'Projects come after the deployment: their secrets are known only by their prefix.',
    );
  }

  /** A private lab's certificate authority, as PEM. */
  bindLabCa(secret: ISecret): void {
    this.set('LAB_CA_SECRET_ID', secret.secretArn);
    this.allow(['secretsmanager:GetSecretValue'], secret.secretArn);
  }

  /**
   * Feeds it from a queue, message by message: each one waits for outside systems, and in a batch a slow lab would make its neighbours late.
   * Lambda needs no more than these three actions. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  consume(id: string, queue: IQueue, maxConcurrency: number): void {
    this.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn);
    new EventSourceMapping(this, id, {
      target: this.lambda,
      eventSourceArn: queue.queueArn,
      batchSize: 1,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }

  /**
   * Feeds it from a queue of Amazon MQ. Lambda polls the broker with the function's own role, from inside the broker's network.
   * https://docs.aws.amazon.com/lambda/latest/dg/process-mq-messages-with-lambda.html
   */
  consumeBroker({ brokerArn, queue, credentials }: BrokerQueue): void {
    this.allow(['mq:DescribeBroker'], brokerArn);
    this.allow(['secretsmanager:GetSecretValue'], credentials.secretArn);
    this.allowLambdaOnly(BROKER_NETWORK_ACTIONS);
    acknowledge(
      this.role,
      'AwsSolutions-IAM5[Resource::*]',
      'EC2 cannot narrow these to one network interface, which does not exist yet.',
    );
    new CfnEventSourceMapping(this, 'Broker', {
      functionName: this.lambda.functionName,
      eventSourceArn: brokerArn,
      queues: [queue],
      batchSize: BROKER_BATCH,
      sourceAccessConfigurations: [{ type: 'BASIC_AUTH', uri: credentials.secretArn }],
    });
  }

  private allow(actions: string[], ...resources: string[]): void {
    if (actions.length === 0 || resources.length === 0) return;
    this.role.addToPolicy(new PolicyStatement({ actions, resources }));
  }

  /** The permission is Lambda's, not the code's: calls that come from inside a function are refused. https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html */
  private allowLambdaOnly(actions: string[]): void {
    this.allow(actions, '*');
    this.role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions,
        resources: ['*'],
        conditions: { ArnLike: { 'lambda:SourceFunctionArn': 'arn:*:lambda:*:*:function:*' } },
      }),
    );
  }

  private placedIn({ vpc, subnets, securityGroups }: LabNetwork) {
    this.allowLambdaOnly(NETWORK_INTERFACE_ACTIONS);
    acknowledge(
      this.role,
      'AwsSolutions-IAM5[Resource::*]',
      'EC2 cannot narrow these to one interface, which does not exist yet.',
    );
    return { vpc, vpcSubnets: subnets, securityGroups: [...securityGroups] };
  }
}

function sendsToItself({ fedBy, sendsTo = [] }: FunctionSpec): boolean {
  return sendsTo.some((queue) => queue === fedBy);
}
