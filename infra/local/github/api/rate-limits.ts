/** Counts calls against the primary limit per installation and hour and, when switched on, the secondary limit on creating content. */
import { ApiError } from './api-error.ts';
import type { Caller } from './callers.ts';
import type { GitHubState } from '../state/state.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface RateMeter {
  /** Counts one request; throws ApiError 403 when it is one too many. */
  count(caller: Caller, method: string): Record<string, string>;
  /** A 304 is free. */
  giveBack(caller: Caller): void;
}

export function createRateMeter(state: GitHubState): RateMeter {
  const limits = state.rateLimits;
  const hours = new Map<string, { used: number; resetAtMs: number }>();
  let writes: number[] = [];

  const hourOf = (key: string) => {
    const known = hours.get(key);
    if (known && known.resetAtMs > state.nowMs()) return known;
    const fresh = { used: 0, resetAtMs: state.nowMs() + HOUR_MS };
    hours.set(key, fresh);
    return fresh;
  };

  const checkContent = (headers: Record<string, string>) => {
    if (limits.contentPerMinute === undefined) return;
    writes = writes.filter((atMs) => atMs > state.nowMs() - MINUTE_MS);
    if (writes.length >= limits.contentPerMinute) {
      const message =
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
      throw new ApiError(403, message, { headers: { ...headers, 'retry-after': '60' } });
    }
    writes.push(state.nowMs());
  };

  return {
    count(caller, method) {
      const hour = hourOf(keyOf(caller));
      const full = hour.used >= limits.perHour;
      if (!full) hour.used++;
      const headers = rateHeaders(limits.perHour, hour.used, hour.resetAtMs);
      if (full) throw new ApiError(403, `API rate limit exceeded for ${keyOf(caller)}.`, { headers });
      if (method !== 'GET') checkContent(headers);
      return headers;
    },
    giveBack: (caller) => void hourOf(keyOf(caller)).used--,
  };
}

function keyOf(caller: Caller): string {
  return caller.kind === 'installation' ? `installation ID ${caller.token.installation.id}` : caller.kind;
}

function rateHeaders(limit: number, used: number, resetAtMs: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - used)),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(Math.ceil(resetAtMs / 1000)),
    'x-ratelimit-resource': 'core',
  };
}
