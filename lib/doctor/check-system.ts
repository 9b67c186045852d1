/** Looks at what belongs to no single project: the App, the secrets, the queues and the dead letters. */
import type { Finding } from '../finding.ts';
import { readQueueDepth } from '../aws/sqs-queue.ts';
import type { DeadLetterStore } from '../bot/operator/dead-letters.ts';
import type { Settings } from '../settings.ts';
import { checkApp } from './check-github-app.ts';
import { attempt } from './check-project.ts';
import type { BotEnvironment } from '../wiring/environment.ts';
import { sqsCall } from '../wiring/queues.ts';

/** More than this waiting means that the workers do not keep up, or do not work. */
const MUCH_WAITING = 100;
const LETTERS_READ = 1_000;

export async function checkSystem(
  environment: BotEnvironment,
  settings: Settings,
  letters: DeadLetterStore,
): Promise<readonly Finding[]> {
  const findings = await Promise.all([
    attempt('GitHub App', () => checkApp(environment, settings)),
    checkTokenSecret(environment),
    attempt('queues', () => checkQueues(environment, settings)),
    checkLetters(letters, environment.nowMs()),
  ]);
  return findings.flat();
}

async function checkTokenSecret(environment: BotEnvironment): Promise<Finding[]> {
  const subject = 'URL token secret';
  const { length } = await environment.urlTokenSecrets();
  if (length === 0)
    return [
      {
        ok: false,
        subject,
        message: 'is not set: webhooks of Horreum and of jobs are answered 503',
        remedy: 'put `urlTokenSecret` into the secret store (locally URL_TOKEN_SECRET)',
      },
    ];
  return [
    { ok: true, subject, message: length === 1 ? 'is set' : `is being rotated: ${length} are accepted` },
  ];
}

async function checkQueues(environment: BotEnvironment, settings: Settings): Promise<Finding[]> {
  const call = sqsCall(environment, settings);
  const queues = { commands: settings.commandsQueueUrl, runs: settings.runsQueueUrl };
  return Promise.all(
    Object.entries(queues).map(async ([name, url]): Promise<Finding> => {
      const { waiting, inHand, delayed } = await readQueueDepth(call, url);
      const message = `${waiting} waiting, ${inHand} in hand, ${delayed} delayed`;
      const subject = `queue ${name}`;
      return waiting < MUCH_WAITING
        ? { ok: true, subject, message }
        : {
            ok: false,
            subject,
            message,
            remedy: 'look at the worker’s log and errors, or give it more concurrency',
            severity: 'warning',
          };
    }),
  );
}

async function checkLetters(letters: DeadLetterStore, nowMs: number): Promise<Finding[]> {
  const kept = await letters.list(LETTERS_READ);
  const subject = 'dead letters';
  if (kept.length === 0) return [{ ok: true, subject, message: 'none' }];
  const newestMs = Math.max(...kept.map(({ diedAtMs }) => diedAtMs));
  const hours = Math.round((nowMs - newestMs) / 3_600_000);
  return [
    {
      ok: false,
      subject,
      message: `${kept.length}, the newest ${hours} h old`,
      remedy: 'find out why in the log, then `perf-bot dlq replay`',
    },
  ];
}
