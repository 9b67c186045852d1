/** A key that the store keeps is sent only where it was sent before: whoever may name hosts must not learn a key by naming his own. */
import { UserError } from '../errors.ts';
import type { ProjectConfig, ProjectSecrets } from './project-config.ts';

type Addresses = Pick<ProjectConfig, 'datastoreUrl' | 'jobPlatformUrl' | 'labs'>;

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

/** The origin that a key is sent to; undefined: to the operator's default, or nowhere. */
function destinationOf({ datastoreUrl, jobPlatformUrl, labs = {} }: Addresses, secretName: string) {
  if (secretName === 'datastoreApiKey') return originOf(datastoreUrl);
  if (secretName === 'jobPlatformApiKey') return originOf(jobPlatformUrl);
  const labName = /^lab:(.+):apiKey$/.exec(secretName)?.[1] ?? '';
  const lab = Object.hasOwn(labs, labName) ? labs[labName] : undefined;
  return lab && originOf(lab.url ?? jobPlatformUrl);
}

function originOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).origin;
}
