/** Checks that a delivery is GitHub's: HMAC-SHA256 over the raw bytes, compared in constant time, with two valid secrets during a rotation. */
import { verifyWithFallback } from '@octokit/webhooks-methods';

/** False also for a malformed signature or an empty body. https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
export async function isSignedByGitHub(
  secrets: readonly string[],
  rawBody: Buffer,
  signature: string,
): Promise<boolean> {
  const [current, ...older] = secrets;
  const body = rawBody.toString('utf8');
  if (current === undefined || body === '' || !/^sha256=[0-9a-f]{64}$/.test(signature)) return false;
  if (Buffer.byteLength(body) !== rawBody.byteLength) return false;
  return Boolean(await verifyWithFallback(current, body, signature, older));
}
