/** A PerfLab's callback: reads its body, in the original's shape or ours, and checks its signature. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Callback {
  /** The repository that the body names, `owner/name`; proves nothing. */
  readonly repoFullName?: string;
  readonly jobId?: string;
  readonly pullRequestNumber?: number;
  readonly runKey?: string;
}

/** The original's body: `{"jobId","buildNumber","repoFullName","pullRequestNumber"}`; ours names a `runKey` as well or instead. */
export function readCallback(body: Buffer): Callback | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { repoFullName, jobId, pullRequestNumber, runKey } = value as Record<string, unknown>;
  const number = Number(pullRequestNumber);
  return {
    ...(typeof repoFullName === 'string' && repoFullName.length <= 200 ? { repoFullName } : {}),
    ...(typeof jobId === 'string' && jobId.length <= 200 ? { jobId } : {}),
    ...(Number.isSafeInteger(number) && number > 0 ? { pullRequestNumber: number } : {}),
    ...(typeof runKey === 'string' && /^pb-[a-z2-7]{26}(-\d+)?$/.test(runKey) ? { runKey } : {}),
  };
}

/** True for `sha256=` + the hex HMAC-SHA256 of exactly these bytes. Takes the same time wherever the signature is wrong. */
export function isSignedWith(secret: string, body: Buffer, signature: string): boolean {
  const given = Buffer.from(signature);
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  return expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
}
