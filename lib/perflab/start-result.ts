/** How a platform's answer to a start is told: refused for good, or with its fate open. */
import { retryAfterMs, type OutsideAnswer } from '../http/outside-call.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { RejectReason, StartResult } from './job-executor.ts';

export function rejected(reason: RejectReason, message: string): StartResult {
  return { kind: 'rejected', reason, message };
}

/** A redirect in place of an answer: the request never reached the platform. */
export function rejectedByLoginPage(product: string): StartResult {
  return rejected(
    'credentials',
    `A login page (or a moved address) answered in place of ${product}: let the bot's requests pass the proxy, and check the base URL.`,
  );
}

/** The limiter refused it before anything was started: thrown, as it is worth trying again later. */
export function tooManyRequests(
  product: string,
  job: string,
  answer: OutsideAnswer,
  nowMs: number,
): UpstreamError {
  return new UpstreamError(
    `${product} answered ${answer.status} (too many requests) to the start of ${job}`,
    {
      retryable: true,
      status: answer.status,
      retryAfterMs: retryAfterMs(answer.headers, nowMs),
    },
  );
}
