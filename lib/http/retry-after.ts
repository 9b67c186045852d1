/** Decides from an outside system's answer whether and when the same call may work. */

/** Statuses after which the same call may work a moment later. */
export function isRetryableStatus(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** GitHub's limits last an hour at most, others' less; an answer that says more is not believed. */
export const LONGEST_WAIT_MS = 61 * 60_000;

/** Reads `Retry-After` (seconds or an HTTP date) as milliseconds from `nowMs`, at most the longest wait. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const askedMs = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(askedMs) ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(0, askedMs));
}

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** When GitHub names no time. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const UNNAMED_WAIT_MS = 60_000;

/**
 * The wait that GitHub asks for, in ms: for its hourly limit, or for a secondary one, which it may name in a header or only in a
 * sentence. Undefined for an answer that is not a limit, such as a 403 for a missing permission.
 */
export function waitAskedForMs({ status, headers, text }: Refusal, nowMs: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const askedMs = retryAfterMs(headers, nowMs);
  if (askedMs !== undefined) return askedMs;
  if (headers['x-ratelimit-remaining'] === '0')
    return untilResetMs(headers['x-ratelimit-reset'], nowMs) ?? UNNAMED_WAIT_MS;
  return status === 429 || /secondary rate|abuse/i.test(text) ? UNNAMED_WAIT_MS : undefined;
}

/** `reset` in epoch seconds; undefined where it is not a time. */
function untilResetMs(reset: string | undefined, nowMs: number): number | undefined {
  const waitMs = Number(reset || Number.NaN) * 1000 - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(1_000, waitMs));
}
