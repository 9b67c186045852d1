/** Reads a PerfLab's callback, in the original's shape or ours, and checks its signature. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject, parseJson, textAt, withoutUndefined } from '../json.ts';
import { runKeyOfAttempt } from '../run-name.ts';

const MAX_NAME_CHARS = 200;

export interface Callback {
  /** The repository that the body names, `owner/name`; proves nothing. */
  readonly repoFullName?: string;
  readonly jobId?: string;
  readonly pullRequestNumber?: number;
  readonly runKey?: string;
}

/** The original's body: `{"jobId","buildNumber","repoFullName","pullRequestNumber"}`; ours names a `runKey` as well or instead. */
export function readCallback(body: Buffer): Callback | undefined {
  const value = parseJson(body);
  if (!isObject(value)) return undefined;
  const number = Number(value['pullRequestNumber']);
  const runKey = textAt(value, 'runKey');
  return withoutUndefined({
    repoFullName: shortTextAt(value, 'repoFullName'),
    jobId: shortTextAt(value, 'jobId'),
    pullRequestNumber: Number.isSafeInteger(number) && number > 0 ? number : undefined,
    runKey: runKey !== undefined && runKeyOfAttempt(runKey) !== undefined ? runKey : undefined,
  });
}

function shortTextAt(value: unknown, name: string): string | undefined {
  const text = textAt(value, name);
  return text !== undefined && text.length <= MAX_NAME_CHARS ? text : undefined;
}

/** True for `sha256=` + the hex HMAC-SHA256 of exactly these bytes. Takes the same time wherever the signature is wrong. */
export function isSignedWith(secret: string, body: Buffer, signature: string): boolean {
  const given = Buffer.from(signature);
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  return expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
}
