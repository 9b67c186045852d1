/** What a PerfLab's callback says, in the original's shape or ours, and whose signature it bears. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { macOf } from '../../http/url-token.ts';
import { projectIdOf } from '../projects/project-id.ts';

export interface Callback {
  /** The project that the body names; proves nothing. */
  readonly projectId?: string;
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
    ...(typeof repoFullName === 'string' && repoFullName.length <= 200
      ? { projectId: projectIdOf(repoFullName) }
      : {}),
    ...(typeof jobId === 'string' && jobId.length <= 200 ? { jobId } : {}),
    ...(Number.isSafeInteger(number) && number > 0 ? { pullRequestNumber: number } : {}),
    ...(typeof runKey === 'string' && /^pb-[a-z2-7]{26}(-\d+)?$/.test(runKey) ? { runKey } : {}),
  };
}

/** The secret that a project's lab signs its callbacks with: derived, so that nothing needs to be stored. */
export function callbackSecret(urlTokenSecret: string, projectId: string): string {
  return macOf(urlTokenSecret, 'perflab-signing', [projectId]);
}

/** The project whose secret signed exactly these bytes (`sha256=` + hex HMAC-SHA256); undefined for any other signature. */
export function signingProject(
  urlTokenSecrets: readonly string[],
  body: Buffer,
  signature: string | undefined,
): string | undefined {
  const projectId = readCallback(body)?.projectId;
  if (projectId === undefined || signature === undefined) return undefined;
  const given = Buffer.from(signature);
  const matches = urlTokenSecrets.map((secret) => {
    const expected = Buffer.from(
      `sha256=${createHmac('sha256', callbackSecret(secret, projectId)).update(body).digest('hex')}`,
    );
    return expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
  });
  return matches.includes(true) ? projectId : undefined;
}
