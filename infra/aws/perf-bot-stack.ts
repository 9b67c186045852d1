/** The stack that deploys Perf Bot: parameters in, the construct, and the URLs and names that an operator needs out. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { brokerFrom } from './amqp-source.ts';
import { declareParameters, subscribe } from './parameters.ts';
import { PerfBot } from './perf-bot.ts';
import { labCaSecretFrom, labNetworkFrom, publicUrlFrom } from './stack-context.ts';

export interface PerfBotStackProps extends StackProps {
  /** The folder that `npm run bundle` fills. */
  readonly bundleDir: string;
}

export class PerfBotStack extends Stack {
  readonly bot: PerfBot;

  constructor(scope: Construct, id: string, props: PerfBotStackProps) {
    super(scope, id, { description: 'Perf Bot: performance reports on pull requests', ...props });
    const { settings, alarmEmail, ...parameters } = declareParameters(this);
    const publicUrl = publicUrlFrom(this);
    const labNetwork = labNetworkFrom(this);
    const labCaSecret = labCaSecretFrom(this);
    const broker = brokerFrom(this);

    this.bot = new PerfBot(this, 'Bot', {
      ...parameters,
      bundleDir: props.bundleDir,
      settings: { ...settings, ...(publicUrl && { PUBLIC_URL: publicUrl }) },
      secretPrefix: `${this.stackName}/`,
      ...(labNetwork && { labNetwork }),
      ...(labCaSecret && { labCaSecret }),
      ...(broker && { broker }),
    });
    subscribe(this.bot.alarmTopic, alarmEmail);
    this.tellTheOperator();
  }

  private tellTheOperator(): void {
    const { publicUrl, secrets, runTable, alarmTopic } = this.bot;
    const outputs: Record<string, [value: string, description: string]> = {
      WebhookUrl: [`${publicUrl}/github`, 'Webhook URL of the GitHub App'],
      HorreumUrlPrefix: [`${publicUrl}/horreum/`, 'npx perf-bot horreum url prints the whole URL of a test'],
      JobUrlPrefix: [`${publicUrl}/job/`, 'npx perf-bot perflab url prints the whole URL of a project'],
      ConfigUrl: [`${publicUrl}/config`, 'Configuration of the projects; requests are signed with IAM'],
      GithubAppSecretName: [
        secrets.byName['github-app'].secretName,
        'Fill: {"appId":"…","privateKey":"PEM"}',
      ],
      WebhookSecretName: [
        secrets.byName.webhook.secretName,
        'Fill: {"githubWebhookSecret":"…","urlTokenSecret":"…"}',
      ],
      ProjectSecretPrefix: [secrets.projectPrefix, "What the names of the projects' secrets begin with"],
      TableName: [runTable.table.tableName, 'Everything the bot knows'],
      AlarmTopicArn: [alarmTopic.topicArn, 'Where alarms are told'],
    };
    for (const [name, [value, description]] of Object.entries(outputs))
      new CfnOutput(this, name, { value, description });
  }
}
