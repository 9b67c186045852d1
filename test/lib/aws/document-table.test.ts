/** What becomes of DynamoDB's own failures: passing ones are put off like those of any outside system, the others are faults. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createDocumentTable, type DocumentTable } from '../../../lib/aws/document-table.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { startRawServer, type RawServer } from '../http/raw-server.ts';

type Answer = { readonly status: number; readonly type?: string } | 'reset';

const SECRET = 'secret-key-of-this-test';
const started: RawServer[] = [];
afterEach(() => Promise.all(started.splice(0).map((one) => one.close())));

async function tableThatAnswers(answer: Answer): Promise<DocumentTable> {
  const server = await startRawServer((response) => {
    if (answer === 'reset') return response.destroy();
    const { status, type } = answer;
    const body =
      type === undefined ? 'out of order' : JSON.stringify({ __type: `com.amazonaws.dynamodb#${type}` });
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  });
  started.push(server);
  return createDocumentTable('perf-bot', {
    region: 'eu-west-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET },
    maxAttempts: 1,
  });
}

const PASSING: readonly (readonly [string, Answer])[] = [
  ['a reset connection', 'reset'],
  ['a 500 that is no JSON', { status: 500 }],
  ['a 503 that is no JSON', { status: 503 }],
  ['an internal error', { status: 500, type: 'InternalServerError' }],
  ['too much for the table', { status: 400, type: 'ProvisionedThroughputExceededException' }],
  ['too much for the account', { status: 400, type: 'RequestLimitExceeded' }],
  ['throttling', { status: 400, type: 'ThrottlingException' }],
];

const ALWAYS = { expression: 'attribute_not_exists(pk)' };
const OPERATIONS: Readonly<Record<string, (table: DocumentTable) => Promise<unknown>>> = {
  get: (table) => table.get('RUN#1'),
  put: (table) => table.put({ pk: 'RUN#1' }, ALWAYS),
  update: (table) =>
    table.update('RUN#1', { expression: 'SET a = :a', values: { ':a': 1 } }, ALWAYS.expression),
  delete: (table) => table.delete('RUN#1', ALWAYS),
  query: (table) =>
    table.query({
      index: { name: 'due', hash: 'dueShard', range: 'dueAtMs' },
      hash: '0',
      newestFirst: false,
      limit: 1,
    }),
};

const outcomeOf = (act: Promise<unknown>) =>
  act.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

describe.each(Object.entries(OPERATIONS))('%s', (_name, operation) => {
  test.each(PASSING)('%s is an outside fault that passes', async (_fault, answer) => {
    const outcome = await outcomeOf(operation(await tableThatAnswers(answer)));
    const error = 'error' in outcome ? outcome.error : undefined;
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('DynamoDB') });
    expect(String(error)).not.toContain(SECRET);
  });

  test('what DynamoDB will never take is a fault of ours', async () => {
    const answer = { status: 400, type: 'ValidationException' };
    const outcome = await outcomeOf(operation(await tableThatAnswers(answer)));
    expect('error' in outcome && outcome.error).toMatchObject({ name: 'ValidationException' });
    expect('error' in outcome && outcome.error).not.toBeInstanceOf(UpstreamError);
  });
});

test.each(['put', 'delete', 'update'] as const)(
  '%s: a condition that does not hold is an answer',
  async (name) => {
    const answer = { status: 400, type: 'ConditionalCheckFailedException' };
    const outcome = await outcomeOf(OPERATIONS[name]?.(await tableThatAnswers(answer)) ?? Promise.resolve());
    expect(outcome).toEqual({ value: name === 'update' ? undefined : false });
  },
);

test('a value that DynamoDB cannot hold is a fault of ours, found before anything is sent', async () => {
  const table = await tableThatAnswers({ status: 500 });
  const outcome = await outcomeOf(table.put({ pk: 'RUN#1', when: new Date() }, ALWAYS));
  expect('error' in outcome && outcome.error).not.toBeInstanceOf(UpstreamError);
  expect(started[0]?.calls).toHaveLength(0);
});
