/** A batch of messages: each by itself, and only those that failed come back. */
import { expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { eachMessage } from '../../../lib/http/sqs-batch.ts';

const event = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: 'r',
    body,
    attributes: {
      ApproximateReceiveCount: '2',
      SentTimestamp: '1700000000000',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:1:runs',
    awsRegion: 'eu-west-1',
  })),
});

test('failures and unreadable bodies come back, the others do not', async () => {
  const failed: [unknown, string][] = [];
  const seen: unknown[] = [];
  const answer = await eachMessage<{ fail?: boolean }>(
    event('{"a":1}', '{"fail":true}', '{broken', '{"b":2}'),
    ({ body, receiveCount, sentAtMs, messageId }) => {
      seen.push([messageId, body, receiveCount, sentAtMs]);
      return body.fail ? Promise.reject(new Error('no')) : Promise.resolve();
    },
    (error, messageId) => failed.push([error, messageId]),
  );
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
  expect(seen).toContainEqual(['m3', { b: 2 }, 2, 1_700_000_000_000]);
  expect(failed.map(([, messageId]) => messageId).sort()).toEqual(['m1', 'm2']);
});

test('an unreadable body is no trouble for who does not read it', async () => {
  const texts: string[] = [];
  const answer = await eachMessage(
    event('{broken'),
    ({ text }) => Promise.resolve(void texts.push(text)),
    () => undefined,
  );
  expect(answer.batchItemFailures).toEqual([]);
  expect(texts).toEqual(['{broken']);
});
