/** `author_association`, as misleading as GitHub's: a private member of an organization shows as CONTRIBUTOR or NONE. */
import { pullsOf, type Account, type GitHubState, type Repository } from '../state.ts';

export function associationOf(_state: GitHubState, repository: Repository, account: Account): string {
  if (account === repository.owner) return 'OWNER';
  const role = repository.roles.get(account.login.toLowerCase());
  if (role !== undefined && repository.owner.type === 'User') return 'COLLABORATOR';
  const merged = pullsOf(repository).some((pull) => pull.author === account && pull.mergedAtMs !== undefined);
  return merged ? 'CONTRIBUTOR' : 'NONE';
}
