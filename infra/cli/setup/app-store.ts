/** Stores a new App's id, key and webhook secret: in AWS Secrets Manager, or in an `.env` file that only its owner can read. */
import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { createAwsCall, type AwsCall } from '../../../lib/aws/aws-call.ts';
import type { AwsCredentials } from '../../../lib/aws/sign-request.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { errorCode } from '../../local/stores/error-code.ts';
import { CliError } from '../cli-error.ts';
import type { CliEnvironment } from '../cli-io.ts';

export interface AppKeys {
  readonly appId: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

export interface AppStore {
  /** For a person: where it is. */
  readonly place: string;
  /** The id of the stored App. Fails where nothing could be stored. */
  readAppId(): Promise<string | undefined>;
  save(keys: AppKeys): Promise<void>;
}

/** Keeps every other line of the file, comments too, and replaces the file as a whole. */
export function envFileStore(path: string, publicUrl: string): AppStore {
  const read = async () => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return '';
      throw error;
    }
  };
  return {
    place: path,
    readAppId: async () => parseEnv(await read())['GITHUB_APP_ID'] || undefined,
    async save({ appId, privateKey, webhookSecret }) {
      const values = {
        GITHUB_APP_ID: appId,
        GITHUB_PRIVATE_KEY: `"${privateKey.trim().replace(/\r?\n/g, '\\n')}"`,
        GITHUB_WEBHOOK_SECRET: webhookSecret,
        PUBLIC_URL: publicUrl,
      };
      await writePrivately(path, withValues(await read(), values));
    },
  };
}

function withValues(text: string, values: Readonly<Record<string, string>>): string {
  const isSet = (name: string) => new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=`);
  // A value in quotes may go over several lines.
  const lines = text
    .replace(
      /^([ \t]*(?:export[ \t]+)?\w+[ \t]*=[ \t]*)"([^"]*)"/gm,
      (_all, start: string, value: string) => `${start}"${value.replace(/\r?\n/g, '\\n')}"`,
    )
    .split('\n');
  const kept = lines.filter((line) => !Object.keys(values).some((name) => isSet(name).test(line)));
  const before = kept.join('\n').trimEnd();
  const own = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return `${before === '' ? '' : `${before}\n`}${own.join('\n')}\n`;
}

/** The file is never readable by others, not even for a moment. */
export async function writePrivately(path: string, text: string): Promise<void> {
  const next = `${path}.new-${randomBytes(4).toString('hex')}`;
  await writeFile(next, text, { mode: 0o600, flag: 'wx' });
  await chmod(next, 0o600);
  await rename(next, path);
}

export interface AwsStoreOptions {
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly env: CliEnvironment;
  /** The stack's name: its secrets are `<stack>/github-app` and `<stack>/webhook`. */
  readonly stack: string;
  readonly nowMs: () => number;
}

export function secretsManagerStore({ region, credentials, env, stack, nowMs }: AwsStoreOptions): AppStore {
  const call = createAwsCall({
    service: 'secretsmanager',
    region,
    endpoint: env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] || env['AWS_ENDPOINT_URL'] || undefined,
    credentials: () => credentials,
    nowMs,
  });
  const [app, webhook] = [`${stack}/github-app`, `${stack}/webhook`];
  return {
    place: `AWS Secrets Manager (${app}, ${webhook})`,
    readAppId: async () => (await readSecret(call, app))['appId'] || undefined,
    async save({ appId, privateKey, webhookSecret }) {
      const { urlTokenSecret, ...others } = await readSecret(call, webhook);
      const fields = {
        ...others,
        githubWebhookSecret: webhookSecret,
        urlTokenSecret: urlTokenSecret || randomBytes(32).toString('hex'),
      };
      await putSecret(call, app, { appId, privateKey });
      await putSecret(call, webhook, fields);
    },
  };
}

async function readSecret(call: AwsCall, name: string): Promise<Record<string, string>> {
  try {
    const { SecretString } = await call('secretsmanager.GetSecretValue', { SecretId: name });
    return JSON.parse(typeof SecretString === 'string' ? SecretString : '{}') as Record<string, string>;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    throw new CliError(
      `Cannot read the secret ${name}: ${error.message}. Check that the stack is deployed and that --stack is its name.`,
    );
  }
}

async function putSecret(call: AwsCall, name: string, fields: Record<string, string>): Promise<void> {
  await call('secretsmanager.PutSecretValue', { SecretId: name, SecretString: JSON.stringify(fields) });
}

/** Of `path` as the person wrote it. */
export function inFolder(cwd: string, path: string): string {
  return resolve(cwd, path);
}
