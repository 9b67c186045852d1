/** Nothing that is queued is lost: dead letters, visibility against time-outs, partial batch answers, bounded concurrency. */
import { describe, expect, test } from '@jest/globals';
import { synthesize } from './synthesize.ts';

const { stack, resource, lambdaOf, mappings, ofType, show, template } = synthesize();
const FOURTEEN_DAYS_S = 14 * 24 * 3600;

describe.each(['commands', 'runs'] as const)('[%s]', (name) => {
  const queue = resource(stack.bot.queues[name].queue).Properties;
  const deadLetters = resource(stack.bot.queues[name].deadLetters).Properties;

  test('gives a message up after five attempts, to its own dead letters', () => {
    expect(show(queue.RedrivePolicy.deadLetterTargetArn)).toBe(`${name} dead letters`);
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
    'commands dead letters → dead-letters',
    'commands → command-worker',
    'runs dead letters → dead-letters',
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
    'commands dead letters': 2,
    'runs dead letters': 2,
  });
});

test('by default all workers together leave room for the doors in an account with 10 functions at once', () => {
  const { Parameters } = template.toJSON() as { Parameters: Record<string, { Default: number }> };
  const bound = (value: unknown) =>
    typeof value === 'number' ? value : (Parameters.WorkerConcurrency?.Default ?? NaN);
  // Both mappings of the dead-letters function count.
  const total = mappings().reduce(
    (sum, { ScalingConfig }) => sum + bound(ScalingConfig.MaximumConcurrency),
    0,
  );
  expect(total).toBeLessThanOrEqual(8);
});

test('no queue answers without TLS', () => {
  const policies = ofType('AWS::SQS::QueuePolicy');
  expect(policies.map(({ Properties }) => show(Properties.Queues[0])).sort()).toEqual([
    'commands',
    'commands dead letters',
    'runs',
    'runs dead letters',
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
  const { commands, runs } = stack.bot.queues;
  const construct = {
    commands: commands.queue,
    runs: runs.queue,
    'commands dead letters': commands.deadLetters,
    'runs dead letters': runs.deadLetters,
  }[queue];
  if (!construct) throw new Error(`No queue is named ${queue}`);
  return resource(construct).Properties;
}
