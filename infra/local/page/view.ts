/** Answers what the pages ask beyond the stand-in itself: addresses, check states, people to act as. */
import { compare } from '../github/state/commit-graph.ts';
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import {
  fullName,
  isPull,
  type Account,
  type CheckRun,
  type Commit,
  type Issue,
  type PullRequest,
} from '../github/state/records.ts';
import { html, type Html } from './shell/html.ts';
import type { IconName } from './shell/icons.ts';
import type { References } from './markdown/references.ts';

export function pullPath(issue: Issue): string {
  return `/${fullName(issue.repository)}/${isPull(issue) ? 'pull' : 'issues'}/${issue.number}`;
}

export function referencesFor(github: GitHubStandIn, issue: Issue): References {
  const { state } = github;
  return {
    isMentionable: (name) => {
      const [organization, slug] = name.toLowerCase().split('/');
      if (slug === undefined) return state.accounts.has(name.toLowerCase());
      return state.teams.some(
        (team) => team.organization.toLowerCase() === organization && team.slug === slug,
      );
    },
    issueUrl: (number) => {
      const other = issue.repository.issues.get(number);
      return other && pullPath(other);
    },
    commit: (short) => [...state.commits.keys()].find((sha) => sha.startsWith(short.toLowerCase())),
  };
}

/** Newest of each name at this commit, as the pull request shows them. */
export function shownRuns(github: GitHubStandIn, headSha: string): CheckRun[] {
  const newest = new Map<string, CheckRun>();
  for (const run of github.checkRuns(headSha)) newest.set(`${run.appId} ${run.name}`, run);
  return [...newest.values()];
}

export type CheckSummary = 'none' | 'pending' | 'failure' | 'success';

export function summaryOf(runs: readonly CheckRun[]): CheckSummary {
  if (runs.length === 0) return 'none';
  if (runs.some((run) => isBad(run))) return 'failure';
  return runs.some((run) => run.status !== 'completed') ? 'pending' : 'success';
}

export function isBad(run: CheckRun): boolean {
  return ['failure', 'timed_out', 'cancelled', 'action_required'].includes(run.conclusion ?? '');
}

export function runIcon(run: CheckRun): IconName {
  if (run.status !== 'completed') return run.status;
  const known = [
    'success',
    'failure',
    'neutral',
    'skipped',
    'cancelled',
    'timed_out',
    'action_required',
  ] as const;
  return known.find((conclusion) => conclusion === run.conclusion) ?? 'neutral';
}

export function stateOf(issue: Issue): {
  readonly word: 'Open' | 'Closed' | 'Merged' | 'Draft';
  readonly icon: IconName;
} {
  if (isPull(issue) && issue.mergedAtMs !== undefined) return { word: 'Merged', icon: 'merged' };
  if (issue.state === 'closed') return { word: 'Closed', icon: 'closed' };
  return isPull(issue) && issue.draft ? { word: 'Draft', icon: 'pull' } : { word: 'Open', icon: 'pull' };
}

export function commitsOf(github: GitHubStandIn, pull: PullRequest): readonly Commit[] {
  const { commits } = github.state;
  const base = commits.get(pull.baseSha);
  const head = commits.get(pull.headSha);
  return base && head ? (compare(github.state, base, head)?.ahead ?? []) : [];
}

/** Everybody who can be acted as: people, not bots or organizations. */
export function peopleOf(github: GitHubStandIn): Account[] {
  const { accounts, app } = github.state;
  return [...accounts.values()].filter(
    (account) => account.type === 'User' && !account.gone && account !== app.owner,
  );
}

/** Written out for readers without scripts; the script turns it into "2 minutes ago". */
export function timeOf(ms: number): Html {
  const text = new Date(ms).toISOString();
  return html`<time datetime="${text}">on ${text.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

export function avatar(account: Account, size: 'small' | 'large' = 'large'): Html {
  const letters = account.gone
    ? '?'
    : account.login
        .replace(/\[bot\]$/, '')
        .slice(0, 2)
        .toUpperCase();
  const shape = account.type === 'User' ? 'person' : 'thing';
  return html`<span class="avatar ${size} ${shape} tint-${account.id % 8}" aria-hidden="true"
    >${letters}</span
  >`;
}

export function loginOf(account: Account): string {
  return account.gone ? 'ghost' : account.login;
}

export function roleOf(issue: Issue, account: Account): string {
  if (account === issue.repository.owner) return 'owner';
  return (
    issue.repository.roles.get(account.login.toLowerCase()) ??
    (issue.repository.private ? 'no access' : 'no role')
  );
}
