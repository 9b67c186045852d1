/** Says the outcomes that all platforms share: a start that was refused or whose fate is open, and a run that is nowhere to be seen. */
import { type OutsideAnswer } from '../http/outside-call.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { textAt } from '../json.ts';
import type { PlatformRef, PlatformState, StartRequest, StartResult } from './job-executor.ts';

export function rejected(message: string): StartResult {
  return { kind: 'rejected', message };
}

/** A redirect in place of an answer: the request never reached the platform. */
export function rejectedByLoginPage(product: string): StartResult {
  return rejected(
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

/** Failures in which no byte of the request can have reached the other side. https://nodejs.org/api/errors.html#common-system-errors */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_.*|.*_CERT(_.*)?|UNABLE_TO_.*|ERR_TLS_.*)$/;

/**
 * Sends what starts a platform run. A failure that left the request's fate open is answered as its message;
 * one in which nothing was sent, or whose answer asks to wait, is thrown.
 */
export async function sendStart(
  send: () => Promise<OutsideAnswer>,
): Promise<OutsideAnswer | { readonly unknown: string }> {
  try {
    return await send();
  } catch (error) {
    const isOpen =
      error instanceof UpstreamError &&
      error.retryable &&
      error.retryAfterMs === undefined &&
      !NEVER_SENT.test(textAt(error.cause, 'code') ?? '');
    if (!isOpen) throw error;
    return { unknown: error.message };
  }
}

/** A new run may be seen nowhere for a moment: on its way from a queue, or not yet in a cache or a list. */
const LOST_AFTER_MS = 60_000;

/** `why.young`: said while the run may still show up; `why.lost`: after that. */
export function notSeen(
  { requestedAtMs }: StartRequest,
  ref: PlatformRef,
  nowMs: number,
  why: { readonly young: string; readonly lost: string },
): PlatformState {
  return nowMs - requestedAtMs < LOST_AFTER_MS
    ? { phase: 'queued', ref, reason: why.young }
    : { phase: 'lost', ref, reason: why.lost };
}
