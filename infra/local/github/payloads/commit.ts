/** Writes commits and comparisons as GitHub does. */
import { createHash } from 'node:crypto';
import type { Comparison } from '../state/commit-graph.ts';
import { isoSeconds } from '../../stand-in/clock.ts';
import type { Commit, Repository } from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';
import { accountOrNull, nodeId } from './account.ts';
import { repositoryUrl, repositoryWebUrl } from './repository.ts';

export function commitPayload(state: GitHubState, repository: Repository, commit: Commit) {
  const url = `${repositoryUrl(state, repository)}/commits/${commit.sha}`;
  const web = `${repositoryWebUrl(state, repository)}/commit/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', parseInt(commit.sha.slice(0, 12), 16)),
    commit: {
      author: signature(commit),
      committer: signature(commit),
      message: commit.message,
      tree: { sha: treeSha(commit), url: `${repositoryUrl(state, repository)}/git/trees/${treeSha(commit)}` },
      url: `${repositoryUrl(state, repository)}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url,
    html_url: web,
    comments_url: `${url}/comments`,
    author: accountOrNull(state, commit.author),
    committer: accountOrNull(state, commit.author),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repositoryUrl(state, repository)}/commits/${sha}`,
      html_url: `${repositoryWebUrl(state, repository)}/commit/${sha}`,
    })),
  };
}

export function comparisonPayload(
  state: GitHubState,
  repository: Repository,
  base: Commit,
  comparison: Comparison,
) {
  const commits = comparison.ahead.map((commit) => commitPayload(state, repository, commit));
  const head = comparison.ahead.at(-1)?.sha ?? comparison.mergeBase.sha;
  const range = `${base.sha}...${head}`;
  const web = `${repositoryWebUrl(state, repository)}/compare/${range}`;
  return {
    url: `${repositoryUrl(state, repository)}/compare/${range}`,
    html_url: web,
    permalink_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    base_commit: commitPayload(state, repository, base),
    merge_base_commit: commitPayload(state, repository, comparison.mergeBase),
    status: comparison.status,
    ahead_by: comparison.ahead.length,
    behind_by: comparison.behind.length,
    total_commits: comparison.ahead.length,
    commits,
    files: comparison.ahead.length ? [changedFile(state, repository, head)] : [],
  };
}

/** The stand-in keeps no file contents: every change is one line of one file. */
export function changedFile(state: GitHubState, repository: Repository, sha: string) {
  const path = 'src/main/java/App.java';
  return {
    sha: createHash('sha1').update(`blob ${sha}`).digest('hex'),
    filename: path,
    status: 'modified',
    additions: 1,
    deletions: 1,
    changes: 2,
    blob_url: `${repositoryWebUrl(state, repository)}/blob/${sha}/${path}`,
    raw_url: `${repositoryWebUrl(state, repository)}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(state, repository)}/contents/${path}?ref=${sha}`,
    patch: '@@ -1 +1 @@\n-old\n+new',
  };
}

/** The short form inside check suites and pushes. */
export function headCommitPayload(commit: Commit) {
  const person = { name: commit.author.login, email: emailOf(commit) };
  return {
    id: commit.sha,
    tree_id: treeSha(commit),
    message: commit.message,
    timestamp: isoSeconds(commit.committedAtMs),
    author: person,
    committer: person,
  };
}

function signature(commit: Commit) {
  return { name: commit.author.login, email: emailOf(commit), date: isoSeconds(commit.committedAtMs) };
}

function emailOf(commit: Commit): string {
  return `${commit.author.id}+${commit.author.login}@users.noreply.github.com`;
}

function treeSha(commit: Commit): string {
  return createHash('sha1').update(`tree ${commit.sha}`).digest('hex');
}
