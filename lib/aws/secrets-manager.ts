/** Reads and writes Secrets Manager: the bot's own secrets, cached for a while, and one secret for each project. */
import { randomUUID } from 'node:crypto';
import type { ProjectSecretStore } from '../bot/projects/project-store.ts';
import { onUpstreamError } from '../http/upstream-error.ts';
import { objectAt, parseJson, textAt } from '../json.ts';
import { AwsError, type AwsCall } from './aws-call.ts';

/** A rotated secret is seen after this; both the old and the new are valid meanwhile. */
const CACHE_MS = 5 * 60_000;

/** `fresh`: past the cache, for a caller that will write what it read. */
export type SecretReader = (secretId: string, fresh?: boolean) => Promise<Readonly<Record<string, string>>>;

/** Reads a secret whose text is a JSON object of strings; an absent or empty secret is `{}`. */
export function createSecretReader(call: AwsCall, nowMs: () => number): SecretReader {
  const cache = new Map<
    string,
    { readonly atMs: number; readonly value: Promise<Readonly<Record<string, string>>> }
  >();
  return (secretId, fresh = false) => {
    const cached = cache.get(secretId);
    if (!fresh && cached && nowMs() - cached.atMs < CACHE_MS) return cached.value;
    const value = readSecret(call, secretId);
    cache.set(secretId, { atMs: nowMs(), value });
    value.then(
      (fields) => Object.keys(fields).length === 0 && cache.delete(secretId),
      () => cache.delete(secretId),
    );
    return value;
  };
}

async function readSecret(call: AwsCall, secretId: string): Promise<Readonly<Record<string, string>>> {
  const answer = await call('secretsmanager.GetSecretValue', { SecretId: secretId }).catch(
    onNotFound(() => undefined),
  );
  return stringsOf(textAt(answer, 'SecretString') ?? '');
}

/** For `catch`. */
function onNotFound<Result>(handle: () => Result): (error: unknown) => Result {
  return onUpstreamError((error) => {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return handle();
    throw error;
  });
}

function stringsOf(text: string): Record<string, string> {
  // A private lab's authority is kept as its PEM, as it is.
  if (text.includes('-----BEGIN CERTIFICATE-----') && parseJson(text) === undefined)
    return { caCertificates: text };
  return Object.fromEntries(
    Object.entries(objectAt(parseJson(text))).flatMap(([name, one]) =>
      one === null ? [] : [[name, typeof one === 'string' ? one : JSON.stringify(one)]],
    ),
  );
}

/** One secret a project, named `<prefix><projectId>`. */
export function createProjectSecretStore(
  call: AwsCall,
  read: SecretReader,
  prefix: string,
): ProjectSecretStore {
  return {
    get: (projectId, fresh) => read(prefix + projectId, fresh),
    async put(projectId, secrets) {
      // Without an SDK the caller makes the token, and a repeated call with the same one is harmless. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
      const version = { ClientRequestToken: randomUUID(), SecretString: JSON.stringify(secrets) };
      const create = () =>
        call('secretsmanager.CreateSecret', {
          Name: prefix + projectId,
          ...version,
          Description: 'Keys of a Perf Bot project',
        });
      await call('secretsmanager.PutSecretValue', { SecretId: prefix + projectId, ...version }).catch(
        onNotFound(create),
      );
    },
    async remove(projectId) {
      await call('secretsmanager.DeleteSecret', {
        SecretId: prefix + projectId,
        // A name that waits for its deletion can't be used, so the project could not be added again for days.
        ForceDeleteWithoutRecovery: true,
      }).catch(onNotFound(() => undefined));
    },
  };
}
