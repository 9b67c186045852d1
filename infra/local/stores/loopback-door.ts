/** Guards an embedded store: it listens on loopback alone, and only calls that name the access key made at this start come in. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { close, listen } from '../stand-in/listen.ts';

export interface StoreCredentials {
  /** Random, so that knowing it is what proves a caller; AWS's signature names it in every call. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export function createStoreCredentials(): StoreCredentials {
  const random = () => randomBytes(20).toString('hex');
  return { accessKeyId: `local${random()}`, secretAccessKey: random() };
}

export interface OpenedDoor {
  readonly url: string;
  close(): Promise<void>;
}

export interface DoorOptions {
  /** Closes only once every answer is complete: a store that works on for a caller that has gone must not outlive the door. */
  readonly finishesAnswers?: boolean;
}

/** Puts the check before what `server` answers with, and lets it listen. */
export async function openDoor(
  server: Server,
  { accessKeyId }: StoreCredentials,
  { finishesAnswers = false }: DoorOptions = {},
): Promise<OpenedDoor> {
  const answers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  const underWay = new Set<Promise<void>>();
  if (finishesAnswers)
    server.on('request', (request, response) => {
      const done = answered(request, response).finally(() => underWay.delete(done));
      underWay.add(done);
    });
  server.on('request', (request, response) => {
    if (isFrom(accessKeyId, request))
      for (const answer of answers) void answer.call(server, request, response);
    else
      response
        .writeHead(403, { 'content-type': 'application/x-amz-json-1.0', connection: 'close' })
        .end(
          '{"__type":"UnrecognizedClientException","message":"The security token in the request is invalid."}',
        );
  });
  return {
    url: await listen(server),
    async close() {
      server.prependListener('connection', (socket) => socket.destroy());
      server.closeAllConnections();
      await Promise.all(underWay);
      await close(server);
    },
  };
}

/** When the answer is complete, whether or not anybody still listens, or when the request never comes in full. */
function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = response.end.bind(response);
    response.end = ((...given: Parameters<typeof end>) => {
      resolve();
      return end(...given);
    }) as typeof end;
    request.on('close', () => {
      if (!request.complete) resolve();
    });
  });
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isFrom(accessKeyId: string, { headers }: IncomingMessage): boolean {
  const given = Buffer.from(
    /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1] ?? '',
  );
  const expected = Buffer.from(accessKeyId);
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}
