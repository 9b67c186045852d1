/** Makes the URLs that an operator enters at Horreum and at a PerfLab; each contains a token of its own. */
import { callbackSecret, urlToken } from '../../http/url-token.ts';

export const HORREUM_EVENTS = [
  'dataset_labels/computed',
  'experiment_result/new',
  'run/new',
  'change/new',
] as const;

export function horreumUrl(
  publicUrl: string,
  secret: string,
  projectId: string,
  testId: string,
  event: string,
): string {
  return `${publicUrl}/horreum/${urlToken(secret, 'horreum', [projectId, testId])}/${event}`;
}

export function perflabUrl(publicUrl: string, secret: string, projectId: string): string {
  return `${publicUrl}/job/${urlToken(secret, 'perflab', [projectId])}`;
}

/** For a lab that signs its requests: the URL to post to, and the secret to sign with. */
export function signedPerflab(
  publicUrl: string,
  secret: string,
  projectId: string,
): { url: string; secret: string } {
  return { url: `${publicUrl}/job`, secret: callbackSecret(secret, projectId) };
}

/** For programs that read a private repository's verdicts: the URL, and the token to send as `Authorization: Bearer`. */
export function verdictAccess(
  publicUrl: string,
  secret: string,
  projectId: string,
): { url: string; token: string } {
  return { url: `${publicUrl}/runs/RUN_KEY`, token: urlToken(secret, 'verdict', [projectId]) };
}
