/** The stand-in's memory at the start: an App, its bot, and nobody else. */
import { createIds } from './ids.ts';
import type { Account, App, GitHubState } from './state.ts';

export interface AppOptions {
  readonly appId: number;
  /** Default `perf-bot`; the bot is then `perf-bot[bot]`. */
  readonly slug?: string;
  /** What installations grant. Default: all that Perf Bot asks for. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Events that the App has subscribed to. Default: `issue_comment`, `pull_request`. */
  readonly events?: readonly string[];
  readonly nowMs?: () => number;
}

const PERMISSIONS = {
  metadata: 'read',
  issues: 'read',
  pull_requests: 'write',
  checks: 'write',
  contents: 'read',
  members: 'read',
  actions: 'write',
};

export function createState(options: AppOptions): GitHubState {
  const nowMs = options.nowMs ?? Date.now;
  const nextId = createIds();
  const slug = options.slug ?? 'perf-bot';
  const owner: Account = { id: nextId('account'), login: 'app-owner', type: 'User', gone: false };
  const bot: Account = { id: nextId('account'), login: `${slug}[bot]`, type: 'Bot', gone: false };
  const app: App = {
    id: options.appId,
    slug,
    name: titleOf(slug),
    clientId: `Iv23li${String(options.appId).padStart(14, '0')}`,
    owner,
    events: options.events ?? ['issue_comment', 'pull_request'],
    permissions: { ...PERMISSIONS, ...options.permissions },
    createdAtMs: nowMs(),
  };
  const otherApp = {
    ...app,
    id: options.appId + 1,
    slug: 'another-ci',
    name: 'Another CI',
    clientId: 'Iv23liAnother',
  };
  const accounts = new Map([owner, bot].map((account) => [account.login.toLowerCase(), account]));
  return {
    app,
    otherApp,
    bot,
    apiUrl: '',
    webUrl: '',
    accounts,
    repositories: [],
    installations: [],
    commits: new Map(),
    checkRuns: [],
    checkSuites: [],
    teams: [],
    tokens: new Map(),
    nowMs,
    nextId,
  };
}

function titleOf(slug: string): string {
  return slug
    .split('-')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join(' ');
}
