/** Opening issues; a pull request is one with more to it. */
import type { Account, Issue, Repository } from '../state.ts';
import type { World } from '../world.ts';
import { accountNamed } from './seed.ts';

export function openIssue(
  world: World,
  repository: Repository,
  author: string,
  title: string,
  body?: string,
): Issue {
  const issue = newIssue(world, repository, accountNamed(world.state, author), title, body ?? null);
  repository.issues.set(issue.number, issue);
  return issue;
}

export function newIssue(
  world: World,
  repository: Repository,
  author: Account,
  title: string,
  body: string | null,
): Issue {
  const nowMs = world.state.nowMs();
  return {
    id: world.state.nextId('issue'),
    repository,
    number: Math.max(0, ...repository.issues.keys()) + 1,
    title,
    body,
    author,
    state: 'open',
    locked: false,
    labels: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    closedAtMs: undefined,
    comments: [],
  };
}
