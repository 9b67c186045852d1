/** The two secrets an operator fills in after the first deployment, and the names under which the projects' own are kept. */
import { ArnFormat, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { SecretName } from './functions.ts';

export interface BotSecretsProps {
  /** What all names begin with, such as `perf-bot/`. */
  readonly prefix: string;
  readonly removalPolicy: RemovalPolicy;
}

export class BotSecrets extends Construct {
  readonly byName: Readonly<Record<SecretName, Secret>>;
  /** A project's secret is named `<projectPrefix><project id>`. */
  readonly projectPrefix: string;
  readonly projectArnPattern: string;

  constructor(scope: Construct, id: string, props: BotSecretsProps) {
    super(scope, id);
    const emptySecret = (name: SecretName, description: string) => {
      const secret = new Secret(this, name, {
        secretName: `${props.prefix}${name}`,
        description,
        // A later deployment leaves the operator's value alone: CloudFormation writes it only when the template's text changes.
        secretStringValue: SecretValue.unsafePlainText('{}'),
        // A deployment that fails must not keep their names, under which the next one makes them again (decision 0025).
        removalPolicy:
          props.removalPolicy === RemovalPolicy.RETAIN
            ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
            : props.removalPolicy,
      });
      acknowledge(
        secret,
        'AwsSolutions-SMG4',
        'GitHub and the URL tokens are rotated by hand: old and new are valid side by side.',
      );
      return secret;
    };
    this.byName = {
      'github-app': emptySecret('github-app', 'Perf Bot: {"appId":"…","privateKey":"PEM"}'),
      webhook: emptySecret(
        'webhook',
        'Perf Bot: {"githubWebhookSecret":"new,old","urlTokenSecret":"new,old"}',
      ),
    };
    this.projectPrefix = `${props.prefix}projects/`;
    this.projectArnPattern = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${this.projectPrefix}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
