/** Says at the very construct why one cdk-nag finding is accepted there. */
import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** `rule` is a rule's id, or `Rule[finding]` for one finding of it. */
export function acknowledge(construct: Construct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/** As above, for the secrets with that name pattern: the finding holds the whole ARN, in which cdk-nag shows what is not known yet by its name. */
export function acknowledgeSecretPattern(construct: Construct, pattern: string, reason: string): void {
  const { partition, region, account } = Stack.of(construct);
  const shown = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const arn = [
    'arn',
    shown(partition, 'Partition'),
    'secretsmanager',
    shown(region, 'Region'),
    shown(account, 'AccountId'),
    'secret',
    pattern,
  ];
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${arn.join(':')}]`, reason);
}
