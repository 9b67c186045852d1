/** Calls Horreum's REST API: the key in its header, the answer parsed, every other outcome an UpstreamError with its remedy. */
import { place, type OutsideAnswer, type OutsideCall } from '../http/outside-call.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { redactEcho } from '../http/redact.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { parseJson, withoutUndefined } from '../json.ts';

export interface HorreumConnection {
  readonly call: OutsideCall;
  readonly nowMs: () => number;
  /** Where Horreum is, a path in front of it included: `https://lab.example/horreum`. */
  readonly baseUrl: string;
  /** `HUSR_…`; without one only what is public can be read. */
  readonly apiKey?: string | undefined;
  /** How long the evaluation of an experiment may take. Default: as any call. */
  readonly evaluationTimeoutMs?: number | undefined;
}

export interface HorreumRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base, e.g. `/api/run/57/summary`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly json?: unknown;
  /** Sent as it is; Horreum refuses JSON for a bare text (415). */
  readonly plainText?: string;
  /** Statuses that are an answer here, e.g. 404 for "not there". */
  readonly expected?: readonly number[];
  /** Where the usual limit is too short. */
  readonly timeoutMs?: number | undefined;
}

export interface HorreumAnswer {
  readonly status: number;
  /** Parsed JSON; undefined where the answer had no body or was one of `expected`. */
  readonly body: unknown;
}

export type HorreumCall = (request: HorreumRequest) => Promise<HorreumAnswer>;

const MAX_LINE_CHARS = 10_000;

export function createHorreumCall({ call, nowMs, baseUrl, apiKey }: HorreumConnection): HorreumCall {
  const base = withoutTrailingSlash(baseUrl);
  return async (request) => {
    const method = request.method ?? 'GET';
    const url = base + request.path + queryString(request.query);
    const body = request.json === undefined ? request.plainText : JSON.stringify(request.json);
    const answer = await call({
      method,
      url,
      headers: headersFor(request, apiKey),
      ...(body === undefined ? {} : { body }),
      ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
    });
    if (request.expected?.includes(answer.status)) return { status: answer.status, body: undefined };
    const where = place(method, url);
    if (answer.status >= 300) throw refusal(answer, where, { apiKey, base, nowMs: nowMs() });
    return { status: answer.status, body: parseBody(answer, where) };
  };
}

function headersFor({ json, plainText }: HorreumRequest, apiKey: string | undefined): Record<string, string> {
  const plainType = plainText === undefined ? undefined : 'text/plain';
  return withoutUndefined({
    accept: 'application/json, text/plain',
    'X-Horreum-API-Key': apiKey || undefined,
    'content-type': json === undefined ? plainType : 'application/json',
  });
}

export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function queryString(query: HorreumRequest['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : value === undefined ? [] : [String(value)]).map(
      (item: string) => `${encodeURIComponent(name)}=${encodeURIComponent(item)}`,
    ),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function parseBody(answer: OutsideAnswer, where: string): unknown {
  if (answer.truncated) {
    throw new UpstreamError(`Horreum's answer was too long to read: ${where}`, {
      retryable: false,
      status: answer.status,
    });
  }
  if (answer.text === '') return undefined;
  const body = parseJson(answer.text);
  if (body !== undefined) return body;
  const kind = answer.headers['content-type']?.split(';')[0] ?? 'no content type';
  throw new UpstreamError(
    `Horreum answered ${answer.status} without JSON (${kind}): ${where}. Is the URL Horreum's own, with nothing in front of it that asks for a login?`,
    { retryable: false, status: answer.status },
  );
}

interface Context {
  readonly apiKey: string | undefined;
  readonly base: string;
  readonly nowMs: number;
}

function refusal(answer: OutsideAnswer, where: string, context: Context): UpstreamError {
  const { status } = answer;
  return new UpstreamError(`Horreum answered ${status} to ${where}${because(answer, context)}`, {
    // A 500 may pass: while uploads are digested, calls fail that work a moment later.
    retryable: status === 429 || status >= 500,
    status,
    retryAfterMs: retryAfterMs(answer.headers, context.nowMs),
  });
}

function because(answer: OutsideAnswer, { apiKey, base }: Context): string {
  if (answer.status === 401) {
    const renewal = `make a key at ${base}/usersettings#api-keys and store it with the project`;
    return apiKey
      ? `: the API key is unknown, revoked or expired (a key ends after 30 days without use); ${renewal}`
      : `: this needs an API key; ${renewal}`;
  }
  if (answer.status === 403) return ': the user of the API key lacks the role for it';
  if (answer.status < 400) return ': a redirect, which is not followed; is the URL the right one?';
  return isPlainText(answer) && answer.text.trim() !== '' ? `: ${firstLine(answer.text, apiKey)}` : '';
}

function isPlainText(answer: OutsideAnswer): boolean {
  return answer.headers['content-type']?.startsWith('text/plain') ?? false;
}

/** Horreum explains its refusals in one line of plain text, in which it, or a proxy, may repeat what it was sent. */
function firstLine(text: string, apiKey: string | undefined): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return redactEcho(line.slice(0, MAX_LINE_CHARS), [apiKey])
    .replace(/[\u0000-\u001f\u007f]/g, ' ')
    .slice(0, 200);
}
