/**
 * Public prices of AWS on demand in us-east-1 (N. Virginia), US dollars without tax, as the vendor's pages stood in November 2026.
 * They are assumptions of the bill: look them up again before relying on it.
 */

const MILLION = 1_000_000;

export const PRICES = {
  /** arm64. https://aws.amazon.com/lambda/pricing/ */
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / MILLION,
  /** First 300 million a month, metered in 512 KB. https://aws.amazon.com/api-gateway/pricing/ */
  httpApiRequest: 1 / MILLION,
  /** Standard queues, after the first million. https://aws.amazon.com/sqs/pricing/ */
  sqsRequest: 0.4 / MILLION,
  sqsFreeRequests: MILLION,
  /** On demand. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamoDbReadUnit: 0.125 / MILLION,
  dynamoDbWriteUnit: 0.625 / MILLION,
  /** After the first 25 GB; point-in-time recovery has no free part. */
  dynamoDbGbMonth: 0.25,
  dynamoDbFreeGb: 25,
  recoveryGbMonth: 0.2,
  /** https://aws.amazon.com/secrets-manager/pricing/ */
  secretMonth: 0.4,
  secretsRequest: 0.05 / 10_000,
  /** Requests for AWS' own keys too. https://aws.amazon.com/kms/pricing/ */
  kmsRequest: 0.03 / 10_000,
  kmsFreeRequests: 20_000,
  /** Ingestion of logs; alarms, metrics and dashboards beyond the free ones. https://aws.amazon.com/cloudwatch/pricing/ */
  logGb: 0.5,
  alarmMetricMonth: 0.1,
  freeAlarmMetrics: 10,
  customMetricMonth: 0.3,
  freeCustomMetrics: 10,
  dashboardMonth: 3,
  freeDashboards: 3,
} as const;
