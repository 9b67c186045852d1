/** How long GitHub asks to wait: for its hourly limit, or for a secondary one, which it may tell in a header or only in a sentence. */
import { LONGEST_WAIT_MS, retryAfterMs } from './outside-call.ts';

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** When GitHub names no time. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const UNNAMED_WAIT_MS = 60_000;

/** In ms; undefined for an answer that is no limit, such as a 403 for a missing permission. */
export function waitAskedForMs({ status, headers, text }: Refusal, nowMs: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const askedMs = retryAfterMs(headers, nowMs);
  if (askedMs !== undefined) return askedMs;
  if (headers['x-ratelimit-remaining'] === '0')
    return untilResetMs(headers['x-ratelimit-reset'], nowMs) ?? UNNAMED_WAIT_MS;
  return status === 429 || /secondary rate|abuse/i.test(text) ? UNNAMED_WAIT_MS : undefined;
}

/** `reset` in epoch seconds; undefined where it is no time. */
function untilResetMs(reset: string | undefined, nowMs: number): number | undefined {
  const waitMs = Number(reset || Number.NaN) * 1000 - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(1_000, waitMs));
}
