/** What wakes an operator, at what price, and who is told. */
import { expect, test } from '@jest/globals';
import { ASSUMED } from '../../bench/bill.ts';
import { type Resource, synthesize } from './synthesize.ts';

const { ofType, resources } = synthesize();
const alarms = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
const metricsOf = ({ Properties }: Resource): string[] => {
  const single = Properties.MetricName ? [Properties as { Namespace: string; MetricName: string }] : [];
  const inMath = (
    (Properties.Metrics ?? []) as { MetricStat?: { Metric: { Namespace: string; MetricName: string } } }[]
  ).flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  return [...single, ...inMath].map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`);
};

test('all that can go wrong unseen has one', () => {
  const watched = new Set(alarms.flatMap(([, alarm]) => metricsOf(alarm)));
  expect([...watched].sort()).toEqual([
    'AWS/ApiGateway 5xx',
    'AWS/Lambda Errors',
    'AWS/Lambda Invocations',
    'AWS/Lambda Throttles',
    'AWS/SQS ApproximateAgeOfOldestMessage',
    'AWS/SQS ApproximateNumberOfMessagesVisible',
    'AWS/SQS NumberOfMessagesReceived',
    'PerfBot RunsPastDeadline',
    'PerfBot SignatureFailures',
  ]);
});

test('each says why, and to whom', () => {
  for (const [, { Properties }] of alarms) {
    expect(Properties.AlarmDescription).toMatch(/\w+.*\.$/);
    expect(Properties.AlarmActions).toHaveLength(1);
  }
});

test('only a silent sweeper is an alarm when there is no data', () => {
  const onSilence = alarms.filter(([, { Properties }]) => Properties.TreatMissingData === 'breaching');
  expect(onSilence.map(([id]) => id)).toEqual([expect.stringContaining('SweeperSilent')]);
});

test('watch few metrics, as many as the bill has: ten are free, each further one costs 10 cents a month', () => {
  expect(alarms.flatMap(([, alarm]) => metricsOf(alarm))).toHaveLength(ASSUMED.alarmMetrics);
});

test('CloudWatch may tell the topic; an address gets them only if one is given', () => {
  const [policy] = ofType('AWS::SNS::TopicPolicy');
  expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    }),
  );
  const [subscription] = ofType('AWS::SNS::Subscription');
  expect(subscription?.Condition).toContain('AlarmEmail');
});

test('the dashboard shows what they watch', () => {
  const [dashboard] = ofType('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const metric of [
    'RunsPastDeadline',
    'SignatureFailures',
    'ApproximateAgeOfOldestMessage',
    'Errors',
    'Throttles',
  ]) {
    expect(body).toContain(metric);
  }
});
