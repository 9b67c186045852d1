/** `setup`: registers the GitHub App from a manifest, receives its keys, and stores them before anything else happens. */
import { randomBytes } from 'node:crypto';
import { createGitHubApp } from '../../../lib/github/github-app.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { appManifest, gitHubWebUrl, newAppUrl } from '../setup/app-manifest.ts';
import {
  envFileStore,
  inFolder,
  secretsManagerStore,
  writePrivately,
  type AppKeys,
  type AppStore,
} from '../setup/app-store.ts';
import { convertCode, type NewApp } from '../setup/convert-code.ts';
import { startSetupPage } from '../setup/setup-page.ts';
import { apiUrl, credentialsFrom, isLoopback, regionOf } from '../target.ts';

export interface SetUpOptions {
  readonly org?: string;
  readonly name: string;
  readonly publicUrl?: string;
  readonly teams?: boolean;
  readonly actions?: boolean;
  readonly webhook: boolean;
  readonly aws?: boolean;
  readonly stack: string;
  readonly envFile: string;
  readonly replace?: boolean;
  readonly port: string;
  readonly open: boolean;
}

export async function setUp(context: CliContext, options: SetUpOptions): Promise<void> {
  const { io } = context;
  const gitHubApi = (io.env['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/+$/, '');
  const webUrl = gitHubWebUrl(gitHubApi);
  const deployment = context.options.api ?? io.env['PERF_BOT_API_URL'];
  const publicUrl = publicUrlOf(context, options, deployment);
  if (options.webhook && isLoopback(publicUrl) && !isLoopback(webUrl))
    throw new CliError(
      `GitHub cannot reach ${publicUrl}. Pass --public-url, or --no-webhook if events come through a broker.`,
      2,
    );
  const store = storeFor(context, options, deployment, publicUrl);
  const stored = await store.readAppId();
  if (stored !== undefined && !options.replace)
    throw new CliError(`App ${stored} is already stored in ${store.place}. To replace it, pass --replace.`);

  const page = await startSetupPage(portOf(options.port));
  try {
    const state = randomBytes(24).toString('base64url');
    const { redirectUrl } = page;
    const { name, webhook } = options;
    const result = page.serve({
      state,
      action: newAppUrl(webUrl, options.org, state),
      manifest: appManifest({
        name,
        publicUrl,
        redirectUrl,
        webhook,
        teams: options.teams === true,
        actions: options.actions === true,
      }),
      onCode: (code) => receive(context, { gitHubApi, publicUrl, webhook }, store, code),
    });
    context.progress(
      `Open ${page.url} in your browser. Setup waits until GitHub sends you back; Ctrl-C cancels it.`,
    );
    if (options.open) io.openInBrowser(page.url);
    const { app, installUrl } = await result;
    context.print(
      { ok: true, app: { id: app.appId, slug: app.slug, url: app.url }, installUrl, stored: store.place },
      `App ${app.slug} (${app.appId}) is registered; its keys are in ${store.place}.\nInstall it on your repositories: ${installUrl}\nThen: perf-bot config apply FILE`,
    );
  } finally {
    await page.close();
  }
}

/** GitHub shows the keys only once: they are stored first, or kept in a file if that fails. */
async function receive(
  context: CliContext,
  where: { readonly gitHubApi: string; readonly publicUrl: string; readonly webhook: boolean },
  store: AppStore,
  code: string,
): Promise<{ app: NewApp; installUrl: string }> {
  const app = await convertCode(where.gitHubApi, code);
  const keys: AppKeys = {
    appId: app.appId,
    privateKey: app.privateKey,
    webhookSecret: app.webhookSecret ?? randomBytes(32).toString('hex'),
  };
  try {
    await store.save(keys);
  } catch (error) {
    const path = inFolder(context.io.cwd, `perf-bot-app-${app.appId}.json`);
    await writePrivately(path, `${JSON.stringify(keys, null, 2)}\n`);
    throw new CliError(
      `The App’s keys could not be stored in ${store.place}: ${error instanceof Error ? error.message : String(error)}. They are in ${path}. Store them by hand, then delete the file.`,
    );
  }
  if (where.webhook) await completeWebhook(context, where, keys);
  return { app, installUrl: `${app.url}/installations/new` };
}

/** The manifest has no field for the content type or the secret. */
async function completeWebhook(
  context: CliContext,
  { gitHubApi, publicUrl }: { readonly gitHubApi: string; readonly publicUrl: string },
  { appId, privateKey, webhookSecret }: AppKeys,
): Promise<void> {
  const app = createGitHubApp({
    keyOf: () => Promise.resolve({ appId, privateKey }),
    apiUrl: gitHubApi,
    nowMs: context.io.nowMs,
  });
  try {
    // In `data`: among the parameters Octokit would take `url` for the request's own address.
    await app.requestAsApp('PATCH /app/hook/config', {
      data: { url: `${publicUrl}/github`, content_type: 'json', secret: webhookSecret },
    });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    context.progress(
      `The webhook could not be configured (${error.message}). In the App’s settings, set the content type application/json and the stored webhook secret.`,
    );
  }
}

function publicUrlOf({ io }: CliContext, options: SetUpOptions, deployment: string | undefined): string {
  const { PUBLIC_URL, PORT } = io.env;
  return apiUrl(options.publicUrl ?? deployment ?? (PUBLIC_URL || `http://localhost:${PORT || '3000'}`));
}

function storeFor(
  { io }: CliContext,
  options: SetUpOptions,
  deployment: string | undefined,
  publicUrl: string,
): AppStore {
  const onAws = options.aws ?? (deployment !== undefined && !isLoopback(apiUrl(deployment)));
  if (!onAws) return envFileStore(inFolder(io.cwd, options.envFile), publicUrl);
  const { env, nowMs } = io;
  const region = regionOf(deployment ?? publicUrl, env);
  return secretsManagerStore({ region, credentials: credentialsFrom(env), env, stack: options.stack, nowMs });
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CliError(`${text} is not a port number.`, 2);
  return port;
}
