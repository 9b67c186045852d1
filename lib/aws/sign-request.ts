/**
 * Signs one AWS request (Signature Version 4) with nothing but node:crypto, so that a webhook starts without an SDK.
 * The tests hold it against the signer that the AWS SDK itself uses.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface RequestToSign {
  /** Default: POST. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly host: string;
  /** Begins with `/`, already encoded, no query. */
  readonly path: string;
  /** As it is sent, but not encoded yet; each name once. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case names; `host` is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly region: string;
  readonly service: string;
}

/** All headers of the request, the signature among them. */
export function signRequest(
  request: RequestToSign,
  credentials: AwsCredentials,
  nowMs: number,
): Record<string, string> {
  const timestamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = timestamp.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host,
    'x-amz-date': timestamp,
    ...(credentials.sessionToken ? { 'x-amz-security-token': credentials.sessionToken } : {}),
  };
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(';');
  const canonicalHeaders = names
    .map((name) => `${name}:${headers[name]?.trim().replace(/\s+/g, ' ')}\n`)
    .join('');
  const canonical = [
    request.method ?? 'POST',
    canonicalPath(request.path),
    canonicalQuery(request.query ?? {}),
    canonicalHeaders,
    signedHeaders,
    sha256(request.body),
  ].join('\n');
  const scope = `${date}/${request.region}/${request.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
  const key = [date, request.region, request.service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

/** Every service but S3 signs the path encoded once more than it is sent. */
function canonicalPath(path: string): string {
  return path.split('/').map(encode).join('/');
}

/** The query as it must be both signed and sent: sorted by name, and encoded in AWS's way. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

/** RFC 3986: encodeURIComponent leaves five characters more. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
