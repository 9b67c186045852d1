/** The repository of the scene and its people. */
import type { NewRepository } from '../github/acts/seed.ts';
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import type { Repository } from '../github/state.ts';

/** Ana may write, Mia maintains, and a newcomer has no right of any kind. */
export function peopleOf(github: GitHubStandIn, place: NewRepository): Repository {
  const repository = github.addRepository(place);
  for (const login of ['ana', 'mia', 'newcomer']) github.addUser({ login });
  github.setPermission(repository, 'ana', 'write');
  github.setPermission(repository, 'mia', 'maintain');
  return repository;
}
