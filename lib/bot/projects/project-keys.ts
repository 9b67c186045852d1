/**
 * Keeps a stored key for the host that it was given for: whoever can change addresses must not learn a key by naming a host of
 * their own. The store has each key's origin beside the key, written in one step, so that two changes at once cannot separate them.
 */
import { UserError } from '../record/errors.ts';
import type { ProjectConfig, ProjectSecrets } from './project-config.ts';
import { own } from '../../json.ts';

type Addresses = Pick<ProjectConfig, 'datastoreUrl' | 'jobPlatformUrl' | 'labs'>;

/** Ends the name under which a key's origin is stored. */
const FOR = ':for';
const isSecret = (name: string) => !name.endsWith(FOR);
const isKey = (name: string) => /apiKey$/i.test(name);

/** Throws UserError if the project moves to another host and the file does not contain the key for it. */
export function checkKeptKeys(stored: ProjectConfig, next: Addresses, given: ProjectSecrets): void {
  const moved = stored.secretNames.filter((name) => {
    const destination = destinationOf(next, name);
    return (
      given[name] === undefined && destination !== undefined && destination !== destinationOf(stored, name)
    );
  });
  if (moved.length > 0)
    throw new UserError(
      `A stored key is never sent to a different host. Put ${moved.join(' and ')} into the file again, together with the new address.`,
    );
}

/** Secrets as they are stored: each key with its origin, unless it has one already. */
export function withOrigins(addresses: Addresses, secrets: ProjectSecrets): ProjectSecrets {
  const origins = Object.keys(secrets)
    .filter(isKey)
    .map((name) => [`${name}${FOR}`, destinationOf(addresses, name) ?? ''] as const);
  return { ...Object.fromEntries(origins), ...secrets };
}

/** The stored secrets, without keys that would now go to another host than the one they were given for. */
export function usableSecrets(addresses: Addresses, stored: ProjectSecrets): ProjectSecrets {
  const usable = Object.entries(stored).filter(([name]) => {
    if (!isSecret(name)) return false;
    const destination = destinationOf(addresses, name);
    const home = stored[`${name}${FOR}`];
    // The operator's own default is not a host that somebody else can name.
    return destination === undefined || home === undefined || home === destination;
  });
  return Object.fromEntries(usable);
}

export function namesOf(stored: ProjectSecrets): string[] {
  return Object.keys(stored).filter(isSecret).sort();
}

/** The origin that a key is sent to; undefined for the operator's default, or for none. */
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
