/** What a failed request to GitHub becomes: an UpstreamError in GitHub's own words, without what we sent, and with the wait that it asks for. */
import { redact } from '../http/redact.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { waitAskedForMs } from '../http/wait-asked-for.ts';

const MAX_MESSAGE_CHARS = 200;
/** Nothing that is shown lies behind this. */
const MAX_READ_CHARS = 10_000;

/** As Octokit throws it. */
interface RequestFailure {
  readonly status?: number;
  readonly message?: string;
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> };
}

/** 403 and 429 may be a rate limit: then GitHub says how long to wait. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function toUpstreamError(error: unknown, route: string, nowMs: number): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const failure = error as RequestFailure;
  const status = typeof failure.status === 'number' && failure.response ? failure.status : undefined;
  if (status === undefined)
    return new UpstreamError(`GitHub did not answer: ${route}`, { retryable: true, cause: error });
  const headers = Object.fromEntries(
    Object.entries(failure.response?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const words = (failure.message ?? '').slice(0, MAX_READ_CHARS).split(' - https://')[0] ?? '';
  const message = redact(words).slice(0, MAX_MESSAGE_CHARS);
  const waitMs = waitAskedForMs({ status, headers, text: message }, nowMs);
  const retryable = status >= 500 || status === 429 || status === 409 || waitMs !== undefined;
  return new UpstreamError(`GitHub answered ${status} (${message}) to ${route}`, {
    retryable,
    status,
    retryAfterMs: waitMs,
    cause: error,
  });
}
