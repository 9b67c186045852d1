/** What happens to an installation or a repository itself: where the bot may work, and under which name. */
import type { AccountEvent } from './events.ts';
import { list, number, object, type Fields } from './read-fields.ts';
import { originOf, repositoryOf } from './read-origin.ts';

const INSTALLATION_ACTIONS = [
  'created',
  'deleted',
  'suspend',
  'unsuspend',
  'new_permissions_accepted',
] as const;

export function readInstallation(fields: Fields): AccountEvent | string {
  const action = INSTALLATION_ACTIONS.find((known) => known === fields['action']);
  const installationId = number(object(fields['installation'])['id']);
  if (!action || installationId === undefined) return 'nothing follows from this action';
  return { kind: 'installation', action, installationId };
}

export function readInstallationRepositories(fields: Fields): AccountEvent | string {
  const installationId = number(object(fields['installation'])['id']);
  if (installationId === undefined) return 'the delivery names no installation';
  const refs = (value: unknown) => list(value).flatMap((entry) => repositoryOf(entry) ?? []);
  return {
    kind: 'installation-repositories',
    installationId,
    removed: refs(fields['repositories_removed']),
    added: refs(fields['repositories_added']),
  };
}

const REPOSITORY_ACTIONS = ['renamed', 'transferred', 'deleted', 'privatized', 'publicized'] as const;

export function readRepository(fields: Fields): AccountEvent | string {
  const action = REPOSITORY_ACTIONS.find((known) => known === fields['action']);
  const origin = originOf(fields);
  if (!action || !origin) return 'nothing follows from this action';
  return { kind: 'repository', action, ...origin };
}
