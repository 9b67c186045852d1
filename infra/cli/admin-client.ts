/** Calls the admin API. A refusal becomes a CliError in the API's own words. */
import { canonicalQuery, signRequest } from '../../lib/aws/sign-request.ts';
import { createOutsideCall } from '../../lib/http/outside-call.ts';
import { UpstreamError } from '../../lib/http/upstream-error.ts';
import { parseJson } from '../../lib/json.ts';
import { CliError, NoServer } from './cli-error.ts';
import type { Target } from './target.ts';

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Its parts, not encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export type AdminCall = (request: AdminRequest) => Promise<unknown>;

/** API Gateway waits 30 s for the function. */
const TIMEOUT_MS = 35_000;

export function createAdminCall(target: Target, nowMs: () => number): AdminCall {
  const send = createOutsideCall();
  return async ({ method, path, query = {}, headers = {}, json }) => {
    const body = json === undefined ? '' : JSON.stringify(json);
    const encodedPath = `/${path.map(encodeURIComponent).join('/')}`;
    const search = canonicalQuery(query);
    const place = `${method} ${target.url}${encodedPath}`;
    const proven = await prove(
      target,
      {
        method,
        path: new URL(target.url).pathname.replace(/\/$/, '') + encodedPath,
        query,
        headers: { ...headers, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
        body,
      },
      nowMs(),
    );
    let answer;
    try {
      answer = await send({
        method,
        url: target.url + encodedPath + (search === '' ? '' : `?${search}`),
        headers: proven,
        timeoutMs: TIMEOUT_MS,
        ...(body === '' ? {} : { body }),
      });
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      throw new NoServer(`No Perf Bot answers at ${target.url}: ${error.message}.`);
    }
    if (answer.status >= 200 && answer.status < 300) return parseJson(answer.text);
    throw refusal(answer.status, parseJson(answer.text) ?? answer.text.trim(), place, target);
  };
}

interface Unproven {
  readonly method: AdminRequest['method'];
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function prove(
  { url, proof }: Target,
  request: Unproven,
  nowMs: number,
): Promise<Record<string, string>> {
  if (proof.kind === 'token') return { ...request.headers, authorization: `Bearer ${proof.token}` };
  const { region, credentials } = proof;
  return signRequest(
    { ...request, host: new URL(url).host, region, service: 'execute-api' },
    credentials,
    nowMs,
  );
}

function refusal(status: number, body: unknown, place: string, { proof }: Target): CliError {
  const { error, message, findings } = (typeof body === 'object' && body !== null ? body : {}) as {
    error?: unknown;
    message?: unknown;
    findings?: unknown;
  };
  const said = [error, message, body].find((text): text is string => typeof text === 'string');
  const remedy =
    status !== 401 && status !== 403
      ? ''
      : proof.kind === 'token'
        ? ' The admin token may belong to another DATA_DIR.'
        : ' Your AWS identity needs execute-api:Invoke on this API.';
  const own =
    typeof error === 'string' ? error : `${place} was answered with ${status}: ${said ?? ''}${remedy}`;
  return new CliError(own, 1, { status, ...(findings === undefined ? {} : { findings }) });
}
