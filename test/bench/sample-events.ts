/** Events as each function gets them on AWS, made from one realistic delivery. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { urlToken } from '../../lib/http/url-token.ts';
import type { FunctionName } from '../../infra/aws/functions.ts';

const WEBHOOK_SECRET = 'a-webhook-secret-for-the-bench';
const TOKEN_SECRET = 'a-token-secret-for-the-bench';
const TEST_ID = '101';

/** What the stub's Secrets Manager holds. */
export function benchSecrets(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    'bench/webhook': JSON.stringify({ githubWebhookSecret: WEBHOOK_SECRET, urlTokenSecret: TOKEN_SECRET }),
    'bench/github-app': JSON.stringify({ appId: '4242', privateKey }),
  };
}

export type EventName = 'accepted' | 'ignored' | 'forged';

/** GitHub's own example of a new comment, made one on a pull request of an installation. */
function commentDelivery(body: string): string {
  const created = createdComment();
  const issue = {
    ...(created['issue'] as object),
    pull_request: { url: 'https://api.github.com/repos/acme/webshop/pulls/1' },
  };
  const comment = { ...(created['comment'] as object), body };
  return JSON.stringify({ ...created, issue, comment, installation: { id: 4242 } });
}

function createdComment(): Readonly<Record<string, unknown>> {
  const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const events = JSON.parse(readFileSync(path, 'utf8')) as {
    name: string;
    examples: Record<string, unknown>[];
  }[];
  const comments = events.find(({ name }) => name === 'issue_comment')?.examples ?? [];
  const created = comments.find(({ action }) => action === 'created');
  if (!created) throw new Error('GitHub’s examples hold no new comment');
  return created;
}

export function gitHubEvent(kind: EventName): unknown {
  const body = commentDelivery(kind === 'accepted' ? '/perf-bot run getting-started' : 'Looks good to me.');
  const signature = createHmac('sha256', kind === 'forged' ? 'another secret' : WEBHOOK_SECRET)
    .update(body)
    .digest('hex');
  return httpEvent('/github', body, {
    'x-github-event': 'issue_comment',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': `sha256=${signature}`,
  });
}

function httpEvent(
  path: string,
  body: string,
  headers: Record<string, string>,
  pathParameters: Record<string, string> = {},
) {
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    pathParameters,
    requestContext: { http: { method: 'POST', path } },
    body,
    isBase64Encoded: false,
  };
}

function queueEvent(queue: string, message: unknown): unknown {
  return {
    Records: [
      {
        messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
        receiptHandle: 'r',
        body: JSON.stringify(message),
        attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
        messageAttributes: {},
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
        awsRegion: 'us-east-1',
      },
    ],
  };
}

/** What a worker gets: a command in a repository without a project, which it answers with 😕 and a reply. */
function commandMessage(): unknown {
  return {
    version: 1,
    deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    delivery: {
      kind: 'comment',
      repository: { id: 1, fullName: 'acme/webshop', private: false },
      installationId: 4242,
      number: 1,
      onPullRequest: true,
      comment: {
        id: 7,
        body: '/perf-bot run getting-started',
        url: 'https://github.com/x',
        createdAtMs: Date.now(),
      },
      author: { id: 2, login: 'ana', isBot: false },
    },
  };
}

/** The event that each function is mostly started for. */
export function usualEvent(name: FunctionName): unknown {
  switch (name) {
    case 'github-webhook':
      return gitHubEvent('accepted');
    case 'horreum-webhook': {
      const token = urlToken(TOKEN_SECRET, 'horreum', ['webshop', TEST_ID]);
      const event = 'dataset_labels/computed';
      const body = JSON.stringify({
        datasetId: 9,
        testId: Number(TEST_ID),
        runId: 5,
        isRecalculation: false,
      });
      return httpEvent(`/horreum/${token}/${event}`, body, {}, { token, event });
    }
    case 'perflab-webhook': {
      const token = urlToken(TOKEN_SECRET, 'perflab', ['webshop']);
      const body = JSON.stringify({
        jobId: 'getting-started',
        buildNumber: '7',
        repoFullName: 'acme/webshop',
        pullRequestNumber: 1,
      });
      return httpEvent(`/job/${token}`, body, {}, { token });
    }
    case 'command-worker':
      return queueEvent('commands', commandMessage());
    case 'run-worker':
      return queueEvent('runs', { version: 1, kind: 'look', runKey: 'pb-aaaaaaaaaaaaaaaaaaaaaaaaaa' });
    case 'dead-letters':
      return queueEvent('commands', commandMessage());
    case 'admin-api':
      return {
        ...httpEvent('/config', '', {}),
        requestContext: { http: { method: 'GET', path: '/config' } },
      };
    case 'run-verdict': {
      const runKey = 'pb-aaaaaaaaaaaaaaaaaaaaaaaaaa';
      const http = { method: 'GET', path: `/runs/${runKey}`, sourceIp: '192.0.2.1' };
      return { ...httpEvent(http.path, '', {}, { runKey }), requestContext: { http } };
    }
    case 'sweeper':
      return { 'detail-type': 'Scheduled Event' };
  }
}

/** The environment that the stack sets, pointing at the stub. */
export function benchVariables(stubUrl: string): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDBENCH',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SESSION_TOKEN: 'bench-session',
    AWS_ENDPOINT_URL_SQS: stubUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: stubUrl,
    AWS_ENDPOINT_URL_DYNAMODB: stubUrl,
    TABLE_NAME: 'perf-bot',
    COMMANDS_QUEUE_URL: `${stubUrl}/123456789012/commands`,
    RUNS_QUEUE_URL: `${stubUrl}/123456789012/runs`,
    WEBHOOK_SECRET_ID: 'bench/webhook',
    GITHUB_APP_SECRET_ID: 'bench/github-app',
    GITHUB_API_URL: stubUrl,
    PUBLIC_URL: 'https://perf-bot.example.org',
    BENCH_WEBHOOK_SECRET: WEBHOOK_SECRET,
  };
}
