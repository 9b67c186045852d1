/** Writes check runs and suites as GitHub does. */
import { isoSeconds } from '../../stand-in/clock.ts';
import {
  pullsOf,
  type CheckRun,
  type CheckSuite,
  type PullRequest,
  type Repository,
} from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';
import { appPayload, nodeId } from './account.ts';
import { headCommitPayload } from './commit.ts';
import { repositoryUrl, repositoryWebUrl } from './repository.ts';

export function checkRunPayload(state: GitHubState, run: CheckRun) {
  const url = `${repositoryUrl(state, run.repository)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryWebUrl(state, run.repository)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: isoSeconds(run.startedAtMs),
    completed_at: run.completedAtMs === undefined ? null : isoSeconds(run.completedAtMs),
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.output.annotations,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: appPayload(state, run.appId),
    pull_requests: pullsFor(state, run.repository, run.headSha),
  };
}

/** In a webhook the run brings its whole suite along. */
export function checkRunEventPayload(state: GitHubState, run: CheckRun) {
  return { ...checkRunPayload(state, run), check_suite: checkSuitePayload(state, run.suite) };
}

export function checkSuitePayload(state: GitHubState, suite: CheckSuite) {
  const { repository, headSha } = suite;
  const branch = headsAt(repository, headSha)[0]?.headRef ?? branchAt(repository, headSha);
  const commit = state.commits.get(headSha);
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: branch ?? null,
    head_sha: headSha,
    ...suiteState(state, suite),
    url: `${repositoryUrl(state, repository)}/check-suites/${suite.id}`,
    before: commit?.parents[0] ?? '0'.repeat(40),
    after: headSha,
    pull_requests: pullsFor(state, repository, headSha),
    app: appPayload(state, suite.appId),
    created_at: isoSeconds(suite.createdAtMs),
    updated_at: isoSeconds(suite.updatedAtMs),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: runsOf(state, suite).length,
    check_runs_url: `${repositoryUrl(state, repository)}/check-suites/${suite.id}/check-runs`,
    head_commit: commit ? headCommitPayload(commit) : null,
  };
}

function runsOf(state: GitHubState, suite: CheckSuite): CheckRun[] {
  return state.checkRuns.filter((run) => run.suite === suite);
}

function suiteState(state: GitHubState, suite: CheckSuite) {
  const runs = runsOf(state, suite);
  if (suite.rerequested || runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some((run) => run.status !== 'completed')) return { status: 'in_progress', conclusion: null };
  const worst = ['failure', 'timed_out', 'action_required', 'cancelled', 'success', 'neutral', 'skipped'];
  return {
    status: 'completed',
    conclusion: worst.find((word) => runs.some((run) => run.conclusion === word)) ?? 'neutral',
  };
}

/** Empty for a fork's commit: GitHub lists only pull requests whose head is in the same repository. */
function pullsFor(state: GitHubState, repository: Repository, sha: string) {
  const repo = { id: repository.id, url: repositoryUrl(state, repository), name: repository.name };
  return headsAt(repository, sha).map((pull) => ({
    url: `${repositoryUrl(state, repository)}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: { ref: pull.headRef, sha: pull.headSha, repo },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo },
  }));
}

function headsAt(repository: Repository, sha: string): PullRequest[] {
  return pullsOf(repository).filter(
    (pull) => pull.headSha === sha && pull.headRepository === repository && pull.state === 'open',
  );
}

function branchAt(repository: Repository, sha: string): string | undefined {
  return [...repository.branches].find(([, head]) => head === sha)?.[0];
}
