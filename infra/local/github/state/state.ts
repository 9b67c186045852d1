/** Holds everything that the stand-in for GitHub remembers; at the start that is an App, its bot and nobody else. */
import type {
  Account,
  App,
  CheckRun,
  CheckSuite,
  Commit,
  Installation,
  IssuedToken,
  Repository,
  Team,
} from './records.ts';

export interface GitHubState {
  readonly app: App;
  readonly otherApp: App;
  readonly bot: Account;
  apiUrl: string;
  /** Where links for people lead: the page that shows the pull requests. */
  webUrl: string;
  readonly accounts: Map<string, Account>;
  readonly repositories: Repository[];
  readonly installations: Installation[];
  readonly commits: Map<string, Commit>;
  readonly checkRuns: CheckRun[];
  readonly checkSuites: CheckSuite[];
  readonly teams: Team[];
  readonly tokens: Map<string, IssuedToken>;
  readonly rateLimits: RateLimits;
  readonly nowMs: () => number;
  readonly nextId: (kind: IdKind) => number;
}

export interface RateLimits {
  /** Requests an hour; 5,000 is GitHub's least for an installation. */
  perHour: number;
  /** Writes a minute; undefined does not enforce it. GitHub: 80. */
  contentPerMinute: number | undefined;
}

export interface AppOptions {
  readonly appId: number;
  /** Default `perf-bot`; the bot is then `perf-bot[bot]`. */
  readonly slug?: string;
  /** What installations grant. Default: all that Perf Bot asks for. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Events that the App has subscribed to. Default: `issue_comment`, `pull_request`. */
  readonly events?: readonly string[];
  readonly nowMs?: () => number;
  /** Default: 5,000 an hour and no secondary limit. */
  readonly rateLimits?: Partial<RateLimits>;
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
    rateLimits: { perHour: 5000, contentPerMinute: undefined, ...options.rateLimits },
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

/** GitHub's ids are long past 32 bits for comments and check runs; so are these. */
const FIRST_IDS = {
  account: 1001,
  repository: 712_000_001,
  installation: 51_000_001,
  issue: 2_600_000_001,
  comment: 3_400_000_001,
  reaction: 310_000_001,
  checkRun: 48_000_000_001,
  checkSuite: 42_000_000_001,
  delivery: 180_000_000_001,
  label: 8_000_000_001,
  commit: 1,
};
export type IdKind = keyof typeof FIRST_IDS;

let standIns = 0;
const INSTALLATIONS_EACH = 1_000;

/**
 * Installations are numbered through all stand-ins of a process, as GitHub numbers them through all accounts: Octokit knows a
 * token that is under way by its installation alone.
 */
function createIds(): (kind: IdKind) => number {
  const installation = FIRST_IDS.installation + INSTALLATIONS_EACH * standIns++;
  const next = { ...FIRST_IDS, installation };
  return (kind) => next[kind]++;
}

export function installationOf(state: GitHubState, repository: Repository): Installation | undefined {
  if (!repository.installed) return undefined;
  return state.installations.find((installation) => installation.account === repository.owner);
}
