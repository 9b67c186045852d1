/** A door with what it needs: a queue that keeps or refuses, secrets that can be rotated, and every log line that it wrote. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createLog, type Log } from '../../lib/log.ts';

export interface DoorProbe<Message> {
  readonly sent: Message[];
  readonly lines: string[];
  secrets: string[];
  queueIsDown: boolean;
  forged: number;
}

export interface DoorDeps<Message> {
  readonly queue: { send(message: Message): Promise<void> };
  readonly secrets: () => Promise<readonly string[]>;
  readonly countForged: () => void;
  readonly nowMs: () => number;
  readonly log: Log;
}

export function probeDoor<Message>(...secrets: string[]): {
  probe: DoorProbe<Message>;
  deps: DoorDeps<Message>;
} {
  const probe: DoorProbe<Message> = { sent: [], lines: [], secrets, queueIsDown: false, forged: 0 };
  const deps: DoorDeps<Message> = {
    queue: {
      send(message) {
        if (probe.queueIsDown) return Promise.reject(new Error('the queue is down'));
        probe.sent.push(message);
        return Promise.resolve();
      },
    },
    secrets: () => Promise.resolve(probe.secrets),
    countForged: () => void (probe.forged += 1),
    nowMs: () => 1_800_000_000_000,
    log: createLog((line) => probe.lines.push(line)),
  };
  return { probe, deps };
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** As API Gateway hands a request on (HTTP API, payload 2.0); bytes come as base64. */
export function httpEvent({
  method = 'POST',
  headers = {},
  pathParameters,
  body,
}: Request): APIGatewayProxyEventV2 {
  const isBase64Encoded = Buffer.isBuffer(body);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: { ...headers },
    requestContext: {
      http: { method, path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    },
    ...(pathParameters ? { pathParameters: { ...pathParameters } } : {}),
    ...(body === undefined ? {} : { body: isBase64Encoded ? body.toString('base64') : body }),
    isBase64Encoded,
  } as APIGatewayProxyEventV2;
}
