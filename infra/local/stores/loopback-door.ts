/** The door of an embedded store: it listens on loopback alone, and lets in only calls that name the access key made at this start. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
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

/** Puts the check before what `server` answers with, and lets it listen. */
export async function openDoor(server: Server, { accessKeyId }: StoreCredentials): Promise<OpenedDoor> {
  const answers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
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
  return { url: await listen(server), close: () => close(server) };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isFrom(accessKeyId: string, { headers }: IncomingMessage): boolean {
  const given = Buffer.from(
    /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1] ?? '',
  );
  const expected = Buffer.from(accessKeyId);
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}
