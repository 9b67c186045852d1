/** Fires the `push` event, for an App that has subscribed to it. */
import { compare } from '../state/commit-graph.ts';
import { headCommitPayload } from '../payloads/commit.ts';
import { repositoryWebUrl } from '../payloads/repository.ts';
import type { Account, Repository } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';

export function firePush(
  world: World,
  repository: Repository,
  ref: string,
  before: string,
  after: string,
  sender: Account,
  forced: boolean,
): void {
  const { state, webhooks } = world;
  const from = state.commits.get(before);
  const to = state.commits.get(after);
  const commits = from && to ? (compare(state, from, to)?.ahead ?? []) : to ? [to] : [];
  const parts = {
    ref: `refs/heads/${ref}`,
    before,
    after,
    created: !from,
    deleted: false,
    forced,
    base_ref: null,
    compare: `${repositoryWebUrl(state, repository)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: commits.map(headCommitPayload),
    head_commit: to ? headCommitPayload(to) : null,
    pusher: { name: sender.login, email: null },
  };
  webhooks.fire(repository, 'push', '', parts, sender);
}
