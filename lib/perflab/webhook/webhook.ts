/**
 * Runs jobs at any lab that takes a signed webhook. The lab is sent a run, and dedupes by its name; it says
 * the end by a signed callback, and, if it can, answers where a run stands (docs/perflab/webhook.md is the contract).
 */
import { createHmac } from 'node:crypto';
import type { OutsideAnswer } from '../../http/outside-call.ts';
import { findingsOf, type Finding } from '../../finding.ts';
import type {
  CancelResult,
  JobExecutor,
  JobToCheck,
  LabConnection,
  PlatformRef,
  PlatformState,
  StartRequest,
  StartResult,
  Urgency,
} from '../job-executor.ts';
import { createLabClient, type LabDeps } from '../lab-client.ts';
import { parseJson, textAt, withoutUndefined } from '../../json.ts';
import { notSeen, rejected, rejectedByLoginPage, sendStart, tooManyRequests } from '../outcomes.ts';
import { aboutRun, findingOfPing, stateIn } from './webhook-messages.ts';

/** Our event, and the name under which receivers of GitHub's webhooks (Tekton's EventListener) filter it. */
const GITHUB_EVENT = {
  'run.requested': 'perf_bot_run',
  'run.cancel': 'perf_bot_cancel',
  'run.status': 'perf_bot_status',
  ping: 'perf_bot_ping',
} as const;
type LabEvent = keyof typeof GITHUB_EVENT;

/** `sha256=` and the HMAC in hex over the very bytes that are sent, as GitHub signs its webhooks. */
export function signBody(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export function createWebhookExecutor(
  deps: LabDeps,
  { baseUrl, token = '', settings }: LabConnection,
): JobExecutor {
  const client = createLabClient(deps, { product: 'The lab', baseUrl, headers: {}, secrets: [token] });
  const answersStatus = settings['answersStatus'] === 'yes';

  /** The time lies in what is signed, so that a receiver can refuse an old request. */
  async function tell(
    event: LabEvent,
    about: Readonly<Record<string, unknown>>,
    runKey?: string,
  ): Promise<OutsideAnswer> {
    const timestamp = Math.floor(deps.nowMs() / 1000);
    const body = JSON.stringify({ version: 1, event, runKey, timestamp, ...about });
    const headers = withoutUndefined({
      'content-type': 'application/json',
      'user-agent': 'perf-bot',
      'x-perf-bot-event': event,
      'x-github-event': GITHUB_EVENT[event],
      'x-perf-bot-timestamp': String(timestamp),
      'x-hub-signature-256': signBody(token, body),
      'idempotency-key': runKey && `${runKey}${event === 'run.requested' ? '' : `:${event}`}`,
    });
    return client.send('POST', '', { headers, body });
  }

  /** A link that the receiver gives is taken only if it leads where the project says that it may. */
  function refFrom(answer: unknown, known: PlatformRef = {}): PlatformRef {
    const url = textAt(answer, 'url') ?? '';
    const home = settings['uiUrl'] ?? new URL(baseUrl).origin;
    const isHome = URL.canParse(url) && (url === home || url.startsWith(`${home.replace(/\/$/, '')}/`));
    return withoutUndefined({
      ...known,
      runId: textAt(answer, 'externalId') ?? known.runId,
      url: isHome ? url : known.url,
    });
  }

  async function startJob(request: StartRequest): Promise<StartResult> {
    const answer = await sendStart(() => tell('run.requested', aboutRun(request), request.attemptKey));
    if ('unknown' in answer) return { kind: 'unknown', message: answer.unknown };
    const { status } = answer;
    if (status === 409 || (status >= 200 && status < 300))
      return { kind: 'accepted', ref: refFrom(parseJson(answer.text)) };
    const said = client.said(answer);
    if (status === 429) throw tooManyRequests('The lab', request.job, answer, deps.nowMs());
    if (status >= 300 && status < 400) return rejectedByLoginPage('the lab');
    if (status === 401)
      return rejected(
        'The lab refused the signature: the secret there and here is not the same, or its clock is more than five minutes off.',
      );
    if (status === 403) return rejected(`The lab does not allow ${request.job}: ${said}`);
    if (status === 404 || status === 410) return rejected(`The lab has no job ${request.job}: ${said}`);
    if (status === 400 || status === 422)
      return rejected(`The lab did not accept the parameters of ${request.job}: ${said}`);
    if (status < 500) return rejected(`The lab answered ${status} to the start of ${request.job}: ${said}`);
    return { kind: 'unknown', message: `The lab answered ${status} to the start of ${request.job}: ${said}` };
  }

  /** Undefined: the lab does not know it. */
  async function askStatus(request: StartRequest): Promise<unknown> {
    const answer = await tell('run.status', { job: request.job }, request.attemptKey);
    if (answer.status === 404) return undefined;
    const parsed = answer.status === 200 ? parseJson(answer.text) : undefined;
    if (textAt(parsed, 'status') === undefined) throw client.failure(answer, 'POST', '');
    return parsed;
  }

  async function getJobStatus(request: StartRequest, ref: PlatformRef): Promise<PlatformState> {
    if (!answersStatus)
      return {
        phase: 'running',
        ref,
        reason: 'this lab does not answer where a run stands; its callback says when it has ended',
      };
    const told = await askStatus(request);
    if (told !== undefined) return stateIn(told, refFrom(told, ref));
    return notSeen(request, ref, deps.nowMs(), {
      young: 'the lab does not know it yet',
      lost: 'the lab does not know it',
    });
  }

  async function findRun(request: StartRequest): Promise<PlatformRef | undefined> {
    if (!answersStatus) return undefined;
    const told = await askStatus(request);
    return told === undefined ? undefined : refFrom(told);
  }

  async function cancelRun(request: StartRequest, ref: PlatformRef, urgency: Urgency): Promise<CancelResult> {
    const answer = await tell(
      'run.cancel',
      { job: request.job, externalId: ref.runId, urgency },
      request.attemptKey,
    );
    if (answer.status >= 200 && answer.status < 300) return 'requested';
    if (answer.status === 404) return 'not-found';
    if (answer.status === 409 || answer.status === 410) return 'already-finished';
    throw client.failure(answer, 'POST', '');
  }

  const checkConnection = ({ job, parameterNames }: JobToCheck): Promise<readonly Finding[]> =>
    findingsOf('The lab', async () => {
      const answer = await tell('ping', { job, parameterNames });
      return [findingOfPing(answer, job, client.said(answer), client.failure(answer, 'POST', '').message)];
    });

  return {
    platform: 'webhook',
    can: { find: answersStatus, status: answersStatus, logs: false },
    checkConnection,
    startJob,
    findRun,
    getJobStatus,
    cancelRun,
    logTail: async () => undefined,
  };
}
