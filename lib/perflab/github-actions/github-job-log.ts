/** Reads the end of a job's log in GitHub Actions, at a signed address that is valid for a minute and must not get our token. */
import type { OutsideCall } from '../../http/outside-call.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { plainLogTail } from '../log-text.ts';

const AGENT = { 'user-agent': 'perf-bot' };
const TIMESTAMP = /^\d{4}-\d\d-\d\dT[\d:.]+Z /gm;

/** The store knows no ranges from the end: first the size is asked for, then the last part. */
export async function readJobLogTail(
  call: OutsideCall,
  baseUrl: string,
  signedUrl: string,
  maxBytes: number,
): Promise<string | undefined> {
  if (!isFitToFetch(signedUrl, baseUrl)) return undefined;
  // Every line has a timestamp that is taken away: so more is read than is kept.
  const readBytes = maxBytes * 2;
  try {
    const first = await call({
      method: 'GET',
      url: signedUrl,
      headers: { ...AGENT, range: `bytes=0-${readBytes - 1}` },
    });
    if (first.status !== 200 && first.status !== 206) return undefined;
    const sizeBytes = Number(/\/(\d+)$/.exec(first.headers['content-range'] ?? '')?.[1] ?? 0);
    if (first.status === 200 || sizeBytes <= readBytes) return withoutTimes(first.text, maxBytes, false);
    const from = sizeBytes - readBytes;
    const headers = { ...AGENT, range: `bytes=${from}-` };
    const last = await call({ method: 'GET', url: signedUrl, headers });
    return last.status === 206 ? withoutTimes(last.text, maxBytes, true) : undefined;
  } catch (error) {
    if (error instanceof UpstreamError) return undefined; // its host may not be on the allow-list
    throw error;
  }
}

function withoutTimes(text: string, maxBytes: number, cutAtStart: boolean): string {
  const plain = plainLogTail(text, Number.MAX_SAFE_INTEGER, cutAtStart);
  return plainLogTail(plain.replace(TIMESTAMP, ''), maxBytes);
}

/** Encrypted, or on the very server that we are configured for. */
function isFitToFetch(url: string, baseUrl: string): boolean {
  return (
    URL.canParse(url) && (new URL(url).protocol === 'https:' || new URL(url).host === new URL(baseUrl).host)
  );
}
