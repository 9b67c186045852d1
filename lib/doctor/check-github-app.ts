/** Checks the GitHub App: its key, its webhook, what GitHub could not deliver lately, and its installation on a repository. */
import { createPrivateKey } from 'node:crypto';
import { fine, problem, warning, type Finding } from '../finding.ts';
import { createGitHubAsApp } from '../github/as-app.ts';
import type { GitHubApp } from '../github/github-app.ts';
import { onStatus } from '../http/upstream-error.ts';
import { listAt, objectAt, textAt } from '../json.ts';
import type { DoctorDeps } from './doctor-deps.ts';

const APP = 'GitHub App';
const NO_KEY = [
  APP,
  'its id and private key are not set',
  'Run `npx perf-bot setup`, or put them into the secret store.',
] as const;

/** What the App must be allowed to do. https://docs.github.com/en/rest/overview/permissions-required-for-github-apps */
const PERMISSIONS: Readonly<Record<string, 'read' | 'write'>> = {
  checks: 'write',
  pull_requests: 'write',
  issues: 'read',
  contents: 'read',
  metadata: 'read',
};
const EVENTS = ['issue_comment', 'pull_request'];

/** Is the App on the repository, with the permissions and the events that the bot needs? */
export async function checkInstallation(
  { gitHubAppKey, gitHubApp }: DoctorDeps,
  repoFullName: string,
): Promise<Finding[]> {
  if (!(await gitHubAppKey())) return [warning(...NO_KEY)];
  const [owner = '', repo = ''] = repoFullName.split('/');
  const subject = `GitHub App on ${repoFullName}`;
  const installation = await gitHubApp
    .requestAsApp('GET /repos/{owner}/{repo}/installation', { owner, repo })
    .catch(onStatus([404], () => undefined));
  if (!installation)
    return [
      problem(
        subject,
        'is not installed on this repository',
        'Install it: on the App’s page, choose “Install”.',
      ),
    ];
  const granted = objectAt(installation.data, 'permissions');
  const missing = Object.entries(PERMISSIONS)
    .filter(([name, level]) => granted[name] !== level && granted[name] !== 'write')
    .map(([name, level]) => `${name}: ${level}`);
  const events = listAt(installation.data, 'events');
  const unheard = EVENTS.filter((name) => !events.includes(name));
  return [
    fine(subject, 'is installed'),
    missing.length === 0
      ? fine(subject, 'has the permissions')
      : problem(
          subject,
          `lacks ${missing.join(', ')}`,
          'Add them in the App’s settings, then accept them in the installation.',
        ),
    unheard.length === 0
      ? fine(subject, 'gets the events')
      : problem(
          subject,
          `is not subscribed to ${unheard.join(', ')}`,
          'Subscribe to them in the App’s settings.',
        ),
  ];
}

/** Does the App's key work, does its webhook lead here, and did the last day's deliveries arrive? */
export async function checkApp(deps: DoctorDeps): Promise<Finding[]> {
  const { gitHubApp: app } = deps;
  const key = await deps.gitHubAppKey();
  if (!key) return [problem(...NO_KEY)];
  if (!isPrivateKey(key.privateKey))
    return [
      problem(
        APP,
        'its private key is not a valid PEM file',
        'Store the file as you downloaded it from GitHub. In .env, write its line breaks as \\n.',
      ),
    ];
  const described = await app.requestAsApp('GET /app', {}).catch(onStatus([401, 404], () => undefined));
  if (!described)
    return [
      problem(
        APP,
        'GitHub refuses its id and private key',
        'Make a new private key in the App’s settings. Store it with the App id.',
      ),
    ];
  return [
    fine(APP, `is ${textAt(described.data, 'name') ?? 'an App without a name'}`),
    ...(await checkWebhookSecret(deps)),
    ...(await checkHook(app, `${deps.publicUrl}/github`)),
    await checkDeliveries(app),
  ];
}

async function checkWebhookSecret({ gitHubWebhookSecrets }: DoctorDeps): Promise<Finding[]> {
  if ((await gitHubWebhookSecrets()).length > 0) return [];
  return [
    problem(
      'webhook secret',
      'is not set: every delivery is answered 503',
      'Enter one in the App’s settings, and the same in the secret store.',
    ),
  ];
}

async function checkHook(app: GitHubApp, wanted: string): Promise<Finding[]> {
  const subject = 'GitHub webhook';
  const { data } = await app.requestAsApp('GET /app/hook/config', {});
  const url = textAt(data, 'url') ?? 'nowhere';
  const faults = [
    ...(url === wanted
      ? []
      : [problem(subject, `goes to ${url}`, `Set the App’s webhook URL to ${wanted}.`)]),
    ...(textAt(data, 'content_type') === 'json'
      ? []
      : [problem(subject, 'sends forms', 'Set the content type to application/json.')]),
  ];
  return faults.length > 0 ? faults : [fine(subject, `goes to ${wanted}`)];
}

const DAY_MS = 24 * 60 * 60_000;

/** Every attempt of an event has the same GUID: an event is lost only if no attempt succeeded. */
async function checkDeliveries(app: GitHubApp): Promise<Finding> {
  const subject = 'GitHub deliveries';
  const deliveries = await createGitHubAsApp(app).listDeliveries(app.nowMs() - DAY_MS);
  const arrived = new Set(deliveries.filter(({ succeeded }) => succeeded).map(({ guid }) => guid));
  const lost = new Set(deliveries.filter(({ guid }) => !arrived.has(guid)).map(({ guid }) => guid));
  const [newest] = deliveries;
  if (!newest) return fine(subject, 'none in the last 24 hours');
  const last = `last ${newest.event} ${new Date(newest.deliveredAtMs).toISOString()}`;
  if (lost.size === 0) return fine(subject, `${arrived.size} arrived; ${last}`);
  const report = arrived.size === 0 ? problem : warning;
  return report(
    subject,
    `${lost.size} did not arrive in the last 24 hours (${arrived.size} did); ${last}`,
    'Perf Bot asks for them again. The App’s “Advanced” page shows how each was answered.',
  );
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
}
