/** Queues GitHub's events as a broker's bridge hands them on, for networks that GitHub can't reach. The broker's own authentication is the trust. */
import { createHash } from 'node:crypto';
import { pickEvent } from '../lib/github/pick-event.ts';
import { isSignedByGitHub } from '../lib/github/signature.ts';
import { parseJson } from '../lib/json.ts';
import { gitHubDoorDeps, type GitHubDoorDeps } from '../lib/wiring/doors.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';

/** Amazon MQ for ActiveMQ. https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html */
export interface ActiveMqEvent {
  readonly eventSource: 'aws:mq';
  readonly eventSourceArn: string;
  readonly messages: readonly {
    readonly messageID: string;
    /** `jms/text-message` or `jms/bytes-message`; either way `data` is base64. */
    readonly messageType: string;
    readonly data: string;
    readonly properties?: Readonly<Record<string, unknown>> | null;
  }[];
}

export interface BrokerMessage {
  /** GitHub's JSON as it was sent. */
  readonly body: Buffer;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What became of a message. `refused` ones are not worth another try. */
export type Taken = { readonly outcome: 'queued' | 'ignored' | 'refused'; readonly reason: string };

/** Throws only for what a later try may mend: the queue does not answer, or the secret is not set yet. */
export async function takeBrokerMessage(deps: GitHubDoorDeps, message: BrokerMessage): Promise<Taken> {
  const property = propertyReader(message.properties);
  const signature = property('x-hub-signature-256');
  if (signature !== undefined && !(await isSigned(deps, message.body, signature)))
    return { outcome: 'refused', reason: 'the signature that came along does not match' };
  const payload = parseJson(message.body);
  if (payload === undefined) return { outcome: 'refused', reason: 'the body is not JSON' };
  // The original's bridge sends comments only, and says nothing of the event.
  const picked = pickEvent(property('x-github-event') ?? 'issue_comment', payload, deps.prompt);
  if (picked.kind === 'ignore') return { outcome: 'ignored', reason: picked.reason };
  const { delivery } = picked;
  const deliveryId = property('x-github-delivery') ?? nameOf(message.body);
  await deps.commands.send({ version: 1, deliveryId, delivery });
  return { outcome: 'queued', reason: delivery.kind };
}

/** A broker gives no part of a batch back: what can't ever be taken is logged and let go, and an outage brings back all, which is harmless. */
export function createHandler(deps: GitHubDoorDeps) {
  return async ({ messages }: ActiveMqEvent): Promise<void> => {
    for (const { messageID, data, properties } of messages) {
      const body = Buffer.from(data, 'base64');
      const { outcome, reason } = await takeBrokerMessage(deps, { body, properties: properties ?? {} });
      const line = { messageId: messageID, outcome, reason };
      if (outcome === 'refused') deps.log.warn('a message of the broker was refused', line);
      else deps.log.info('a message of the broker was taken', line);
    }
  };
}

async function isSigned(deps: GitHubDoorDeps, body: Buffer, signature: string): Promise<boolean> {
  const secrets = await deps.gitHubSecrets();
  if (secrets.length === 0)
    throw new Error('a message is signed, but the webhook secret is not set: put it into the secret store');
  const isGenuine = await isSignedByGitHub(secrets, body, signature);
  if (!isGenuine) deps.countForged();
  return isGenuine;
}

/** By GitHub's header name in any case; JMS property names are Java identifiers, so a bridge may write `_` for `-`. */
function propertyReader(
  properties: Readonly<Record<string, unknown>>,
): (headerName: string) => string | undefined {
  const byName = new Map(
    Object.entries(properties).map(([name, value]) => [name.toLowerCase().replaceAll('_', '-'), value]),
  );
  return (headerName) => {
    const value = byName.get(headerName);
    return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
  };
}

/** The same for every copy of one message, whichever way it came. */
function nameOf(body: Buffer): string {
  return `broker-${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
}

export const handler = onLambda(() => createHandler(gitHubDoorDeps(lambdaEnvironment(), 'amqp-worker')));
