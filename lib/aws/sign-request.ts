/** Signs one AWS request (Signature Version 4) with the AWS SDK's signer alone, which costs a webhook's start little (decision 0005). */
import { Hash } from '@smithy/core/serde';
import { getCanonicalQuery, SignatureV4 } from '@smithy/signature-v4';

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
export async function signRequest(
  { method = 'POST', host, path, query = {}, headers, body, region, service }: RequestToSign,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  nowMs: number,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const request = { method, protocol: 'https:', hostname: host, path, query: { ...query }, body };
  const signed = await signer.sign(
    { ...request, headers: { ...headers, host } },
    { signingDate: new Date(nowMs) },
  );
  return signed.headers;
}

/** The query as it must be sent, since it is signed so: sorted by name, and encoded in AWS's way. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return getCanonicalQuery({ query: { ...query } } as Parameters<typeof getCanonicalQuery>[0]);
}
