/** Calls one lab over HTTP, at the configured address with the configured credentials, and describes its failures without a secret. */
import { place, type OutsideAnswer, type OutsideCall, type OutsideRequest } from '../http/outside-call.ts';
import { isRetryableStatus, retryAfterMs } from '../http/retry-after.ts';
import { redactEcho } from '../http/redact.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { parseJson, textAt } from '../json.ts';

/** What every executor is handed. */
export interface LabDeps {
  readonly call: OutsideCall;
  readonly nowMs: () => number;
}

export interface LabClientOptions {
  /** As people call it: `Jenkins`. */
  readonly product: string;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Never repeated in a message, even if the other side repeats it. */
  readonly secrets: readonly (string | undefined)[];
}

export type LabRequest = Omit<OutsideRequest, 'url' | 'method'>;

export interface LabClient {
  /** Any HTTP status is an answer. `path` begins with a slash and is added to the base URL. */
  send(method: OutsideRequest['method'], path: string, request?: LabRequest): Promise<OutsideAnswer>;
  /** The parsed answer of a GET, or undefined for 404; everything else throws. */
  read(path: string, request?: LabRequest): Promise<unknown>;
  /** What an answer that was not hoped for becomes. */
  failure(answer: OutsideAnswer, method: string, path: string): UpstreamError;
  /** What the other side said, as one short line of plain text. */
  said(answer: OutsideAnswer): string;
}

/** So much of an answer is looked through for words. */
const MAX_TEXT_CHARS = 20_000;

export function createLabClient({ call, nowMs }: LabDeps, options: LabClientOptions): LabClient {
  const { product, baseUrl } = options;

  const send: LabClient['send'] = async (method, path, request = {}) =>
    call({
      ...request,
      method,
      url: `${baseUrl}${path}`,
      headers: { ...options.headers, ...request.headers },
    });

  // Before anything is cut or taken out of it: what is left of a secret would no longer be known for one.
  const plain = (text: string): string =>
    onePlainLine(redactEcho(text.slice(0, 2 * MAX_TEXT_CHARS), options.secrets)).slice(0, 300);

  const said = (answer: OutsideAnswer): string => {
    const parsed = parseJson(answer.text);
    return plain(textAt(parsed, 'message') ?? textAt(parsed, 'error') ?? answer.text);
  };

  const failure: LabClient['failure'] = (answer, method, path) => {
    const words = describe(product, answer, said(answer));
    return new UpstreamError(`${words}: ${place(method, `${baseUrl}${path}`)}`, {
      retryable: isRetryableStatus(answer.status) || answer.status === 500,
      status: answer.status,
      retryAfterMs: retryAfterMs(answer.headers, nowMs()),
    });
  };

  return {
    send,
    failure,
    said,
    async read(path, request) {
      const answer = await send('GET', path, {
        ...request,
        headers: { accept: 'application/json', ...options.headers, ...request?.headers },
      });
      if (answer.status === 404) return undefined;
      const parsed = answer.status === 200 && !answer.truncated ? parseJson(answer.text) : undefined;
      if (parsed === undefined) throw failure(answer, 'GET', path);
      return parsed;
    },
  };
}

function describe(product: string, answer: OutsideAnswer, said: string): string {
  const { status } = answer;
  if (status >= 300 && status < 400) {
    return `${product} answered ${status}, a redirect (a login page in front of it, or a base URL that has moved)`;
  }
  if (status === 200) {
    return answer.truncated
      ? `${product} answered more than can be read`
      : `${product} answered something other than JSON`;
  }
  return `${product} answered ${status}${said === '' ? '' : ` (${said})`}`;
}

function onePlainLine(text: string): string {
  return text
    .slice(0, MAX_TEXT_CHARS)
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
