/** Stands in for a lab behind the signed webhook: checks signatures, dedupes by run key, calls back signed. */
import { timingSafeEqual } from 'node:crypto';
import { at, parseJson, textAt } from '../../../lib/json.ts';
import { signBody } from '../../../lib/perflab/webhook/webhook.ts';
import { startLabRun, type LabJobBody, type LabRunHandle } from '../stand-in/lab-run.ts';
import { createRealClock, type StandInClock } from '../stand-in/clock.ts';
import { startStandInServer, wholeCall, type StandInServer } from '../stand-in/server.ts';
import { html, json, type StandInAnswer, type StandInCall } from '../stand-in/calls.ts';

export interface WebhookLabJob {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly run?: LabJobBody;
}

export interface WebhookLabStandInOptions {
  readonly jobs: readonly WebhookLabJob[];
  readonly secret?: string;
  readonly port?: number;
  readonly clock?: StandInClock | undefined;
  readonly speed?: number;
  readonly machines?: number;
  /** Whether `run.status` is answered. */
  readonly answersStatus?: boolean;
}

export interface WebhookLabRun {
  readonly key: string;
  readonly job: WebhookLabJob;
  readonly parameters: Readonly<Record<string, string>>;
  readonly callbackUrl: string | undefined;
  cancelled: boolean;
  run: LabRunHandle | undefined;
}

export interface WebhookLabStandIn extends StandInServer {
  readonly runs: readonly WebhookLabRun[];
  forget(key: string): void;
}

const REPLAY_WINDOW_SECONDS = 300;
const STATUSES = {
  succeeded: 'succeeded',
  unstable: 'unstable',
  failed: 'failed',
  aborted: 'cancelled',
} as const;

export async function startWebhookLabStandIn(options: WebhookLabStandInOptions): Promise<WebhookLabStandIn> {
  const { jobs, secret = 'webhook-secret', machines = 2 } = options;
  const clock = options.clock ?? createRealClock(options.speed);
  const runs: WebhookLabRun[] = [];
  const known = new Map<string, WebhookLabRun>();
  let taken = 0;

  function handle(call: StandInCall): StandInAnswer {
    if (call.method === 'GET')
      return html(200, `${call.path} (stand-in for a lab behind the signed webhook)`);
    if (!isSigned(call)) return json(401, { message: 'bad signature' });
    const body = parseJson(call.body);
    const sentAt = at(body, 'timestamp');
    if (typeof sentAt !== 'number' || Math.abs(clock.nowMs() / 1000 - sentAt) > REPLAY_WINDOW_SECONDS)
      return json(401, { message: 'too old' });
    const key = textAt(body, 'runKey') ?? '';
    switch (textAt(body, 'event') ?? '') {
      case 'ping':
        return { status: jobs.some(({ name }) => name === textAt(body, 'job')) ? 204 : 404 };
      case 'run.requested':
        return accept(call, body, key);
      case 'run.cancel':
        return cancel(key);
      case 'run.status':
        return options.answersStatus ? status(call, key) : json(501, { message: 'not offered' });
      default:
        return json(400, { message: 'unknown event' });
    }
  }

  function isSigned(call: StandInCall): boolean {
    const expected = Buffer.from(signBody(secret, call.body));
    const sent = Buffer.from(call.headers['x-hub-signature-256'] ?? '');
    return sent.byteLength === expected.byteLength && timingSafeEqual(sent, expected);
  }

  function accept(call: StandInCall, body: unknown, key: string): StandInAnswer {
    if (known.has(key)) return json(409, { ...linkTo(call, key), message: 'already accepted' });
    const job = jobs.find(({ name }) => name === textAt(body, 'job'));
    if (!job) return json(404, { message: `no job ${textAt(body, 'job') ?? ''}` });
    const parameters = (at(body, 'params') ?? {}) as Record<string, string>;
    const unknown = Object.keys(parameters).filter((name) => !job.parameters.includes(name));
    if (unknown.length > 0) return json(422, { message: `unknown parameters ${unknown.join(', ')}` });
    const entry: WebhookLabRun = {
      key,
      job,
      parameters,
      callbackUrl: textAt(body, 'callbackUrl'),
      cancelled: false,
      run: undefined,
    };
    runs.push(entry);
    known.set(key, entry);
    clock.after(0, () => assign(call.origin));
    return json(202, linkTo(call, key));
  }

  function assign(origin: string): void {
    for (const entry of known.values()) {
      if (taken >= machines) return;
      if (entry.run || entry.cancelled) continue;
      taken += 1;
      entry.run = startLabRun({
        clock,
        id: entry.key,
        url: `${origin}/runs/${entry.key}`,
        parameters: entry.parameters,
        body: entry.job.run ?? ((run) => run.wait(10_000).then(() => 'succeeded' as const)),
        onEnd: () => {
          taken -= 1;
          void callBack(entry);
          clock.after(0, () => assign(origin));
        },
      });
    }
  }

  function cancel(key: string): StandInAnswer {
    const entry = known.get(key);
    if (!entry) return json(404, { message: 'no such run' });
    if (entry.cancelled || entry.run?.end) return json(409, { message: 'it has ended' });
    if (entry.run) entry.run.stop();
    else {
      entry.cancelled = true;
      void callBack(entry);
    }
    return { status: 202 };
  }

  function status(call: StandInCall, key: string): StandInAnswer {
    const entry = known.get(key);
    return entry
      ? json(200, { ...linkTo(call, key), ...tell(entry) })
      : json(404, { message: 'no such run' });
  }

  function tell(entry: WebhookLabRun): Record<string, unknown> {
    if (entry.cancelled) return { status: 'cancelled' };
    if (!entry.run) return { status: 'queued', message: 'waits for a machine' };
    const { end, startedAtMs, stage } = entry.run;
    const since = { startedAt: new Date(startedAtMs).toISOString(), stage };
    return end
      ? { ...since, status: STATUSES[end.outcome], finishedAt: new Date(end.atMs).toISOString() }
      : { ...since, status: 'running' };
  }

  async function callBack(entry: WebhookLabRun): Promise<void> {
    if (entry.callbackUrl === undefined) return;
    const body = JSON.stringify({ version: 1, runKey: entry.key, ...tell(entry) });
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signBody(secret, body) };
    await fetch(entry.callbackUrl, { method: 'POST', headers, body }).catch(() => undefined); // a lost callback is the bot's to make good
  }

  const server = await startStandInServer({
    name: 'webhook-lab',
    port: options.port,
    note: wholeCall,
    handle,
  });
  return {
    ...server,
    runs,
    forget: (key) => void known.delete(key),
    close() {
      runs.forEach(({ run }) => run?.kill());
      return server.close();
    },
  };
}

function linkTo(call: StandInCall, key: string): Record<string, unknown> {
  return { externalId: key, url: `${call.origin}/runs/${key}` };
}
