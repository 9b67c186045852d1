/**
 * A key that the store keeps is sent only where it was given for: whoever may name hosts must not learn a key by naming his own.
 * Beside each key the store has the origin that it is for, written in the same breath, so that two changes at once can't part them.
 */
import { UserError } from '../record/errors.ts';
import type { ProjectConfig, ProjectSecrets } from './project-config.ts';
import { own } from '../../json.ts';

type Addresses = Pick<ProjectConfig, 'datastoreUrl' | 'jobPlatformUrl' | 'labs'>;

/** Not the name of a secret: those end in what they are. */
const FOR = ':for';
const isSecret = (name: string) => !name.endsWith(FOR);
const isKey = (name: string) => /apiKey$/i.test(name);

/** Throws UserError if the project moves to another host and the file does not hold the key for it. */
export function checkKeptKeys(stored: ProjectConfig, next: Addresses, given: ProjectSecrets): void {
  const moved = stored.secretNames.filter((name) => {
    const destination = destinationOf(next, name);
    return (
      given[name] === undefined && destination !== undefined && destination !== destinationOf(stored, name)
    );
  });
  if (moved.length > 0)
    throw new UserError(
      `The stored key is not sent to another host than before: put ${moved.join(' and ')} into the file again, together with the new address.`,
    );
}

/** Secrets as they are stored: each key with the origin that it is for, where it has none yet. */
export function withOrigins(addresses: Addresses, secrets: ProjectSecrets): ProjectSecrets {
  const origins = Object.keys(secrets)
    .filter(isKey)
    .map((name) => [`${name}${FOR}`, destinationOf(addresses, name) ?? ''] as const);
  return { ...Object.fromEntries(origins), ...secrets };
}

/** What is stored, without the keys that were given for another host than the one that they would be sent to. */
export function usableSecrets(addresses: Addresses, stored: ProjectSecrets): ProjectSecrets {
  const usable = Object.entries(stored).filter(([name]) => {
    if (!isSecret(name)) return false;
    const destination = destinationOf(addresses, name);
    const home = stored[`${name}${FOR}`];
    // The operator's own default is no host that somebody else names.
    return destination === undefined || home === undefined || home === destination;
  });
  return Object.fromEntries(usable);
}

export function namesOf(stored: ProjectSecrets): string[] {
  return Object.keys(stored).filter(isSecret).sort();
}

/** The origin that a key is sent to; undefined: to the operator's default, or nowhere. */
function destinationOf({ datastoreUrl, jobPlatformUrl, labs = {} }: Addresses, secretName: string) {
  if (secretName === 'datastoreApiKey') return originOf(datastoreUrl);
  if (secretName === 'jobPlatformApiKey') return originOf(jobPlatformUrl);
  const labName = /^lab:(.+):apiKey$/.exec(secretName)?.[1] ?? '';
  const lab = own(labs, labName);
  return lab && originOf(lab.url ?? jobPlatformUrl);
}

function originOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).origin;
}
