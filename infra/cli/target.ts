/** Finds the Perf Bot that a command talks to and the proof that it may: an admin token for the local server, a signature for AWS. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AwsCredentials } from '../../lib/aws/sign-request.ts';
import { CliError, NoServer } from './cli-error.ts';
import type { CliEnvironment, CliIo } from './cli-io.ts';

export interface Target {
  /** No slash at its end. */
  readonly url: string;
  readonly proof:
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'signature'; readonly region: string; readonly credentials: AwsCredentials };
}

/** `api`: the option; else PERF_BOT_API_URL; else the local server. */
export async function findTarget(io: CliIo, api: string | undefined): Promise<Target> {
  const { env } = io;
  const given = api ?? env['PERF_BOT_API_URL'];
  const url = apiUrl(given || `http://localhost:${env['PORT'] || '3000'}`);
  const token = env['PERF_BOT_ADMIN_TOKEN'];
  if (token) return { url, proof: { kind: 'token', token } };
  if (isLoopback(url)) return { url, proof: { kind: 'token', token: await adminToken(io) } };
  return {
    url,
    proof: { kind: 'signature', region: regionOf(url, env), credentials: credentialsFrom(env) },
  };
}

export function dataDir({ env, cwd }: CliIo): string {
  return resolve(cwd, env['DATA_DIR'] || '.data');
}

export function isLoopback(url: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/** The stack prints `…/config`, which works too. */
export function apiUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new CliError(`${text} is not an http(s) URL.`, 2);
  return text.replace(/\/+$/, '').replace(/\/config$/, '');
}

async function adminToken(io: CliIo): Promise<string> {
  const path = join(dataDir(io), 'admin-token');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    throw new NoServer(
      `There is no admin token in ${path}. Start the bot with \`npm run dev\`, set DATA_DIR to where its data is, or name a deployment with --api.`,
    );
  }
}

/** AWS's own addresses contain their region; custom domains do not. */
export function regionOf(url: string, env: CliEnvironment): string {
  const region =
    /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(url)?.[1] ??
    env['AWS_REGION'] ??
    env['AWS_DEFAULT_REGION'];
  if (!region) throw new CliError('Set AWS_REGION: the URL does not contain the region.', 2);
  return region;
}

export function credentialsFrom(env: CliEnvironment): AwsCredentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey)
    throw new CliError(
      'There are no AWS credentials in the environment. With a profile: eval "$(aws configure export-credentials --format env)"',
      2,
    );
  const sessionToken = env['AWS_SESSION_TOKEN'];
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
