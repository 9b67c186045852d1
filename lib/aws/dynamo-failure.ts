/** Separates DynamoDB's passing failures, which are put off like those of any outside system, from what it will never accept. */
import { UpstreamError } from '../http/upstream-error.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const PASSING_NAMES = [
  'InternalServerError',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
  'TimeoutError',
  'TransactionInProgressException',
];

interface Failure {
  readonly name?: string;
  /** Of a connection that failed. */
  readonly code?: string;
  /** There once the request was on its way; the status, once there was an answer. */
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Everything else, a condition that does not hold included, is given back as it is. */
export function dynamoFailure(error: unknown, operation: string): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { name = '', code, $metadata } = error as Failure;
  const status = $metadata?.httpStatusCode;
  const isPassing =
    PASSING_NAMES.includes(name) ||
    (status === undefined ? $metadata !== undefined : status >= 500 || status === 429);
  if (!isPassing) return error;
  const outcome = status === undefined ? `did not answer (${code ?? name})` : `answered ${status} ${name}`;
  return new UpstreamError(`DynamoDB ${outcome} to ${operation}`, { retryable: true, status, cause: error });
}
