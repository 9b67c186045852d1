/** Does what API Gateway does: turns a request into the event that a function gets, by the routes that the stack declares. */
import { readBytes } from '../stand-in/calls.ts';
import { pathMatcher, type PathParameters } from '../stand-in/router.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAnswer, HttpEvent } from '../../../lib/http/api-gateway.ts';

export type HttpHandler = (event: HttpEvent) => Promise<HttpAnswer>;

export interface Route {
  /** `/horreum/{token}/{event+}`: `{name}` is one segment, `{name+}` the rest. */
  readonly path: string;
  readonly handler: HttpHandler;
}

/** Lambda takes no larger event; API Gateway answers 413 before the function is called. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** False when no route fits, so that something else may answer. */
export async function answerByRoutes(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = urlOf(request);
  const path = decodeSafely(url.pathname);
  for (const route of routes) {
    const pathParameters = pathMatcher(route.path)(path);
    if (!pathParameters) continue;
    const body = await readBytes(request, MAX_BODY_BYTES);
    const answer =
      body === undefined
        ? { statusCode: 413, body: '{"message":"Request Entity Too Large"}' }
        : await route.handler(eventOf(request, url, path, pathParameters, body));
    response.writeHead(answer.statusCode ?? 200, (answer.headers ?? {}) as Record<string, string>);
    response.end(answer.isBase64Encoded ? Buffer.from(answer.body ?? '', 'base64') : (answer.body ?? ''));
    return true;
  }
  return false;
}

/** For any request line: what begins with two slashes would be read as another host, and what is not a URL at all would throw. */
export function urlOf({ url = '/' }: { readonly url?: string | undefined }): URL {
  const target = url.startsWith('/') ? `http://localhost${url}` : url;
  const isHttp = URL.canParse(target) && new URL(target).protocol.startsWith('http');
  return new URL(isHttp ? target : 'http://localhost/');
}

function decodeSafely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function eventOf(
  request: IncomingMessage,
  url: URL,
  path: string,
  pathParameters: PathParameters,
  body: Buffer,
): HttpEvent {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
  const text = body.toString('utf8');
  const isText = Buffer.from(text).equals(body);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: url.search.slice(1),
    queryStringParameters: Object.fromEntries(url.searchParams),
    headers,
    pathParameters,
    isBase64Encoded: !isText,
    body: isText ? text : body.toString('base64'),
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: request.headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: 'local',
      routeKey: '$default',
      stage: '$default',
      time: new Date().toUTCString(),
      timeEpoch: Date.now(),
    },
  };
}
