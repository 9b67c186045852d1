/** Exchanges the code that GitHub sends back for the App's id, key and secret. A code works once, and for an hour. */
import { createOutsideCall } from '../../../lib/http/outside-call.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { CliError } from '../cli-error.ts';

export interface NewApp {
  readonly appId: string;
  readonly slug: string;
  readonly url: string;
  /** PEM. */
  readonly privateKey: string;
  /** GitHub makes none where the webhook is off. */
  readonly webhookSecret: string | undefined;
}

export async function convertCode(apiUrl: string, code: string): Promise<NewApp> {
  const call = createOutsideCall();
  let answer;
  try {
    answer = await call({
      method: 'POST',
      url: `${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`,
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'perf-bot' },
      timeoutMs: 20_000,
    });
  } catch (error) {
    // The place contains the code, which is as good as the key.
    if (error instanceof UpstreamError) throw new CliError(`GitHub did not answer at ${apiUrl}.`);
    throw error;
  }
  if (answer.status === 404)
    throw new CliError(
      'GitHub does not accept the code: it is older than an hour or was used before. Run setup again.',
    );
  if (answer.status !== 201) throw new CliError(`GitHub answered ${answer.status} instead of the App’s key.`);
  const app = JSON.parse(answer.text) as {
    id?: number;
    slug?: string;
    html_url?: string;
    pem?: string;
    webhook_secret?: string | null;
  };
  if (app.id === undefined || !app.pem)
    throw new CliError('GitHub’s answer does not contain the App’s id and key.');
  return {
    appId: String(app.id),
    slug: app.slug ?? '',
    url: app.html_url ?? '',
    privateKey: app.pem,
    webhookSecret: app.webhook_secret ?? undefined,
  };
}
