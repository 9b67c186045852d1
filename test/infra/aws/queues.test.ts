/** Nothing that is queued is lost: dead letters, visibility against time-outs, partial batch answers, bounded concurrency. */
import { describe, expect, test } from '@jest/globals';
import { FUNCTION_NAMES } from '../../../infra/aws/functions.ts';
import { ASSUMED } from '../../bench/bill.ts';
import { synthesize } from './synthesize.ts';

const { stack, resource, lambdaOf, mappings, ofType, show, template } = synthesize();
const FOURTEEN_DAYS_S = 14 * 24 * 3600;

describe.each(['commands', 'runs'] as const)('[%s]', (name) => {
  const queue = resource(stack.bot.queues[name]).Properties;
  const deadLetters = resource(stack.bot.deadLetters).Properties;

  test('gives a message up after five attempts, to the dead letters', () => {
    expect(show(queue.RedrivePolicy.deadLetterTargetArn)).toBe('dead letters');
    expect(queue.RedrivePolicy.maxReceiveCount).toBe(5);
  });

  test('keeps messages for 14 days, encrypted', () => {
    for (const each of [queue, deadLetters]) {
      expect(each).toMatchObject({ MessageRetentionPeriod: FOURTEEN_DAYS_S, SqsManagedSseEnabled: true });
    }
  });
});

test('whoever consumes a queue, its visibility is six times his time-out', () => {
  const consumed = mappings();
  expect(consumed.map(({ worker, queue }) => `${queue} → ${worker}`).sort()).toEqual([
    'commands → command-worker',
    'dead letters → dead-letters',
    'runs → run-worker',
  ]);
  for (const { worker, queue } of consumed) {
    expect(named(queue).VisibilityTimeout).toBe(6 * (lambdaOf(worker).Properties.Timeout as number));
  }
});

test('a worker gets one message at a time, says which failed, and runs only so often at once', () => {
  for (const mapping of mappings()) {
    expect(mapping.BatchSize).toBe(1);
    expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  }
  const bounds = mappings().map(({ queue, ScalingConfig }) => [queue, ScalingConfig.MaximumConcurrency]);
  expect(Object.fromEntries(bounds)).toEqual({
    commands: { Ref: 'WorkerConcurrency' },
    runs: { Ref: 'WorkerConcurrency' },
    'dead letters': 2,
  });
});

test('a worker that sends to its own queue is not stopped as a loop, and no other function may loop', () => {
  const looping = FUNCTION_NAMES.filter((name) => lambdaOf(name).Properties.RecursiveLoop === 'Allow');
  expect(looping).toEqual(['command-worker', 'run-worker']);
});

test('the bill knows how many queues Lambda polls, each by as many pollers as it keeps where concurrency is bounded', () => {
  expect(mappings()).toHaveLength(ASSUMED.queues);
  expect(mappings().every(({ ScalingConfig }) => ScalingConfig.MaximumConcurrency)).toBe(true);
  expect(ASSUMED.pollers).toBe(5);
});

test('by default all workers together leave room for the doors in an account with 10 functions at once', () => {
  const { Parameters } = template.toJSON() as { Parameters: Record<string, { Default: number }> };
  const bound = (value: unknown) =>
    typeof value === 'number' ? value : (Parameters.WorkerConcurrency?.Default ?? NaN);
  const total = mappings().reduce(
    (sum, { ScalingConfig }) => sum + bound(ScalingConfig.MaximumConcurrency),
    0,
  );
  expect(total).toBeLessThanOrEqual(6);
});

test('no queue answers without TLS', () => {
  const policies = ofType('AWS::SQS::QueuePolicy');
  expect(policies.map(({ Properties }) => show(Properties.Queues[0])).sort()).toEqual([
    'commands',
    'dead letters',
    'runs',
  ]);
  for (const { Properties } of policies) {
    expect(Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ]);
  }
});

function named(queue: string): Record<string, unknown> {
  const { queues, deadLetters } = stack.bot;
  const construct = { ...queues, 'dead letters': deadLetters }[queue];
  if (!construct) throw new Error(`No queue is named ${queue}`);
  return resource(construct).Properties;
}
