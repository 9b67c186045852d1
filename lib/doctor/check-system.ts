/** Checks what belongs to no single project: the App, the secrets, the queues and the dead letters. */
import { findingsOf, fine, problem, warning, type Finding } from '../finding.ts';
import { checkApp } from './check-github-app.ts';
import type { DoctorDeps } from './doctor-deps.ts';

/** From this on, the workers do not keep up, or do not work. */
const MANY_WAITING = 100;
const LETTERS_READ = 1_000;

export async function checkSystem(deps: DoctorDeps): Promise<readonly Finding[]> {
  const findings = await Promise.all([
    findingsOf('GitHub App', () => checkApp(deps)),
    checkTokenSecret(deps),
    findingsOf('queues', () => Promise.all([checkQueue(deps, 'commands'), checkQueue(deps, 'runs')])),
    checkLetters(deps),
  ]);
  return findings.flat();
}

async function checkTokenSecret({ urlTokenSecrets }: DoctorDeps): Promise<Finding> {
  const subject = 'URL token secret';
  const { length } = await urlTokenSecrets();
  if (length > 0) return fine(subject, length === 1 ? 'is set' : `is being rotated: ${length} are accepted`);
  return problem(
    subject,
    'is not set: webhooks of Horreum and of jobs are answered 503',
    'Put `urlTokenSecret` into the secret store (locally URL_TOKEN_SECRET).',
  );
}

async function checkQueue({ queueDepthOf }: DoctorDeps, queue: 'commands' | 'runs'): Promise<Finding> {
  const { waiting, inHand, delayed } = await queueDepthOf(queue);
  const subject = `queue ${queue}`;
  const message = `${waiting} waiting, ${inHand} in hand, ${delayed} delayed`;
  return waiting < MANY_WAITING
    ? fine(subject, message)
    : warning(subject, message, 'Look for errors in the worker’s log, or give it more concurrency.');
}

async function checkLetters({ letters, nowMs }: DoctorDeps): Promise<Finding> {
  const kept = await letters.list(LETTERS_READ);
  const subject = 'dead letters';
  if (kept.length === 0) return fine(subject, 'none');
  const newestMs = Math.max(...kept.map(({ diedAtMs }) => diedAtMs));
  const hours = Math.round((nowMs() - newestMs) / 3_600_000);
  return problem(
    subject,
    `${kept.length}, the newest ${hours} h old`,
    'Find the cause in the log, then run `npx perf-bot dlq replay`.',
  );
}
