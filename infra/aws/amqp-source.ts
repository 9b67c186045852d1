/** GitHub's events from a broker (Amazon MQ for ActiveMQ), beside the webhook or in its place: off unless a broker is given. */
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

export interface BrokerQueue {
  readonly brokerArn: string;
  readonly queue: string;
  /** JSON `{"username":"…","password":"…"}` of a user that may read the queue. */
  readonly credentials: ISecret;
}

/** Context `brokerArn`, `brokerQueue` and `brokerSecretArn`: all three, or none, which is the default. */
export function brokerFrom(scope: Construct): BrokerQueue | undefined {
  const [brokerArn, queue, secretArn] = ['brokerArn', 'brokerQueue', 'brokerSecretArn'].map((name) => {
    const value: unknown = scope.node.tryGetContext(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  });
  if (!brokerArn && !queue && !secretArn) return undefined;
  if (!brokerArn || !queue || !secretArn)
    throw new Error('Context brokerArn, brokerQueue and brokerSecretArn belong together: give all or none');
  if (!/^arn:[^:]+:mq:[^:]+:\d{12}:broker:[^:]+:[^:]+$/.test(brokerArn))
    throw new Error(`Context brokerArn must be the ARN of an Amazon MQ broker, not "${brokerArn}"`);
  return { brokerArn, queue, credentials: Secret.fromSecretCompleteArn(scope, 'BrokerUser', secretArn) };
}
