/** Looks at the GitHub App: its key, its webhook and what GitHub could not deliver lately, and its installation on a repository. */
import type { Finding } from '../finding.ts';
import { createPrivateKey } from 'node:crypto';
import { createGitHubApp, type GitHubApp } from '../github/github-app.ts';
import { createGitHubAsApp } from '../github/as-app.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { Settings } from '../settings.ts';
import type { BotEnvironment } from '../wiring/environment.ts';

const NO_KEY: Finding = {
  ok: false,
  subject: 'GitHub App',
  message: 'its id and private key are not set',
  remedy: 'run `perf-bot setup`, or put them into the secret store',
  severity: 'warning',
};

async function appOf(environment: BotEnvironment, settings: Settings): Promise<GitHubApp | undefined> {
  const key = await environment.gitHubApp();
  return (
    key &&
    createGitHubApp({
      keyOf: () => Promise.resolve(key),
      apiUrl: settings.gitHubApiUrl,
      nowMs: environment.nowMs,
    })
  );
}

/** What the App must be allowed to do. https://docs.github.com/en/rest/overview/permissions-required-for-github-apps */
const PERMISSIONS: Readonly<Record<string, 'read' | 'write'>> = {
  checks: 'write',
  pull_requests: 'write',
  issues: 'read',
  contents: 'read',
  metadata: 'read',
};
const EVENTS = ['issue_comment', 'pull_request'];

/** Is the App on the repository, and may it do there what the bot does? */
export async function checkInstallation(
  environment: BotEnvironment,
  settings: Settings,
  repoFullName: string,
): Promise<Finding[]> {
  const app = await appOf(environment, settings);
  if (!app) return [NO_KEY];
  const [owner = '', repo = ''] = repoFullName.split('/');
  const subject = `GitHub App on ${repoFullName}`;
  try {
    const { data } = await app.requestAsApp('GET /repos/{owner}/{repo}/installation', { owner, repo });
    const { permissions = {}, events = [] } = data as {
      permissions?: Record<string, string>;
      events?: string[];
    };
    const missing = Object.entries(PERMISSIONS)
      .filter(([name, level]) => permissions[name] !== level && permissions[name] !== 'write')
      .map(([name, level]) => `${name}: ${level}`);
    const unheard = EVENTS.filter((name) => !events.includes(name));
    return [
      { ok: true, subject, message: 'installed' },
      missing.length === 0
        ? { ok: true, subject, message: 'has the permissions' }
        : {
            ok: false,
            subject,
            message: `lacks ${missing.join(', ')}`,
            remedy: 'add them in the App’s settings and accept them in the installation',
          },
      unheard.length === 0
        ? { ok: true, subject, message: 'gets the events' }
        : {
            ok: false,
            subject,
            message: `is not subscribed to ${unheard.join(', ')}`,
            remedy: 'subscribe in the App’s settings',
          },
    ];
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.status !== 404) throw error;
    return [
      {
        ok: false,
        subject,
        message: 'not installed on this repository',
        remedy: 'install it there: the App’s page, “Install”',
      },
    ];
  }
}

const DAY_MS = 24 * 60 * 60_000;

/** The App itself: does its key work, does its webhook lead here, and did the last day's deliveries arrive? */
export async function checkApp(environment: BotEnvironment, settings: Settings): Promise<Finding[]> {
  const subject = 'GitHub App';
  const key = await environment.gitHubApp();
  if (key && !isPrivateKey(key.privateKey))
    return [
      {
        ok: false,
        subject,
        message: 'its private key is no PEM that can be read',
        remedy: 'store the file as GitHub let you download it; in .env its line breaks are \\n',
      },
    ];
  const app = await appOf(environment, settings);
  if (!app) return [{ ...NO_KEY, severity: 'error' }];
  let name: string;
  try {
    name = String(((await app.requestAsApp('GET /app', {})).data as { name?: unknown }).name);
  } catch (error) {
    if (!(error instanceof UpstreamError) || (error.status !== 401 && error.status !== 404)) throw error;
    return [
      {
        ok: false,
        subject,
        message: 'GitHub refuses its id and private key',
        remedy: 'make a new private key in the App’s settings and store it with its App id',
      },
    ];
  }
  const secrets = await environment.gitHubWebhookSecrets();
  return [
    { ok: true, subject, message: `is ${name}` },
    ...(secrets.length > 0
      ? []
      : [
          {
            ok: false,
            subject: 'webhook secret',
            message: 'is not set: every delivery is answered 503',
            remedy: 'enter one in the App’s settings, and the same in the secret store',
          },
        ]),
    ...(await checkHook(app, settings)),
    ...(await checkDeliveries(app)),
  ];
}

async function checkHook(app: GitHubApp, settings: Settings): Promise<Finding[]> {
  const { data } = await app.requestAsApp('GET /app/hook/config', {});
  const { url, content_type: contentType } = data as { url?: string; content_type?: string };
  const expected = `${settings.publicUrl}/github`;
  const subject = 'GitHub webhook';
  const faults = [
    ...(url === expected
      ? []
      : [{ message: `goes to ${url ?? 'nowhere'}`, remedy: `set the App’s webhook URL to ${expected}` }]),
    ...(contentType === 'json'
      ? []
      : [{ message: 'sends forms', remedy: 'set the content type to application/json' }]),
  ];
  if (faults.length === 0) return [{ ok: true, subject, message: `goes to ${expected}` }];
  return faults.map((fault) => ({ ok: false, subject, ...fault }));
}

/** Every attempt of an event has the same GUID: only those count of which none succeeded. */
async function checkDeliveries(app: GitHubApp): Promise<Finding[]> {
  const subject = 'GitHub deliveries';
  const deliveries = await createGitHubAsApp(app).listDeliveries(app.nowMs() - DAY_MS);
  const arrived = new Set(deliveries.filter(({ succeeded }) => succeeded).map(({ guid }) => guid));
  const lost = new Set(deliveries.filter(({ guid }) => !arrived.has(guid)).map(({ guid }) => guid));
  const [newest] = deliveries;
  if (!newest) return [{ ok: true, subject, message: 'none in the last 24 hours' }];
  const last = `last ${newest.event} ${new Date(newest.deliveredAtMs).toISOString()}`;
  if (lost.size === 0) return [{ ok: true, subject, message: `${arrived.size} arrived; ${last}` }];
  return [
    {
      ok: false,
      subject,
      message: `${lost.size} did not arrive in the last 24 hours (${arrived.size} did); ${last}`,
      remedy:
        'look at the App’s “Advanced” page for what was answered; they are asked for again by themselves',
      severity: arrived.size === 0 ? 'error' : 'warning',
    },
  ];
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
}
