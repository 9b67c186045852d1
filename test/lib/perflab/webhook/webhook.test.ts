/** The signed webhook: the common contract with and without an answer to run.status, the signature, and the callback. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../infra/local/stand-in/clock.ts';
import {
  startWebhookLabStandIn,
  type WebhookLabStandIn,
  type WebhookLabStandInOptions,
} from '../../../../infra/local/webhook/webhook-lab-stand-in.ts';
import { urlToken } from '../../../../lib/http/url-token.ts';
import { createWebhookExecutor } from '../../../../lib/perflab/webhook/webhook.ts';
import type { JobExecutor } from '../../../../lib/perflab/job-executor.ts';
import {
  controlledBody,
  describeExecutor,
  refOf,
  refusal,
  requestFor,
  SECRET,
  START_MS,
  testCall,
  type ContractLab,
} from '../executor-contract.ts';

const JOB = 'getting-started';
const NAMES = ['PERF_BOT_RUN', 'PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT'];

function executorFor(
  lab: WebhookLabStandIn,
  clock: ManualClock,
  token = SECRET,
  timeouts = { ms: 10_000 },
  settings = {},
): JobExecutor {
  return createWebhookExecutor(
    { call: testCall(timeouts), nowMs: clock.nowMs },
    { baseUrl: `${lab.url}/hooks/perf`, token, settings },
  );
}

for (const answersStatus of [true, false]) {
  describeExecutor(
    `Signed webhook (${answersStatus ? 'answers' : 'does not answer'} run.status)`,
    async (timeouts): Promise<ContractLab> => {
      const clock = createManualClock(START_MS);
      const { body, finish } = controlledBody();
      const blocker = {
        name: 'blocker',
        parameters: [],
        run: (run: { wait(ms: number): Promise<void> }) => run.wait(1e9).then(() => 'failed' as const),
      };
      const lab = await startWebhookLabStandIn({
        jobs: [{ name: JOB, parameters: NAMES, run: body }, blocker],
        secret: SECRET,
        clock,
        answersStatus,
      });
      const settings = { answersStatus: answersStatus ? 'yes' : 'no' };
      const isEvent =
        (name: string) =>
        ({ headers }: { headers: Readonly<Record<string, string>> }) =>
          headers['x-perf-bot-event'] === name;
      return {
        server: lab,
        clock,
        job: JOB,
        executor: ({ token } = {}) => executorFor(lab, clock, token, timeouts, settings),
        runsOf: (key) => lab.runs.filter((run) => run.key === key).length,
        isStart: isEvent('run.requested'),
        isStop: isEvent('run.cancel'),
        forget: (key) => lab.forget(key),
        finish,
      };
    },
    { repeatIsSafe: true, knowsUnstable: true, lookAgainMs: 5_000 },
  );
}

describe('Signed webhook', () => {
  const opened: { close(): Promise<unknown> }[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

  async function open(options: Partial<WebhookLabStandInOptions> = {}, settings = {}) {
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    const lab = await startWebhookLabStandIn({
      jobs: [{ name: JOB, parameters: NAMES, run: body }],
      secret: SECRET,
      clock,
      ...options,
    });
    opened.push(lab);
    return {
      clock,
      finish,
      lab,
      request: requestFor({ job: JOB, clock }),
      executor: executorFor(lab, clock, SECRET, undefined, settings),
    };
  }

  test('the request: one signed POST with all that a lab needs, signed over its very bytes', async () => {
    const { lab, executor, request } = await open();
    const subject = { repository: 'o/r', pullRequest: 7, commit: 'abc' };
    const ref = refOf(
      await executor.startJob({ ...request, subject, callbackUrl: 'https://bot.example/job/x' }),
    );
    expect(ref).toEqual({ runId: request.attemptKey, url: `${lab.url}/runs/${request.attemptKey}` });
    const call = lab.calls[0]!;
    expect(`${call.method} ${call.path}`).toBe('POST /hooks/perf');
    expect(call.headers).toMatchObject({
      'content-type': 'application/json',
      'x-perf-bot-event': 'run.requested',
      'x-github-event': 'perf_bot_run',
      'idempotency-key': request.attemptKey,
      'x-perf-bot-timestamp': String(START_MS / 1000),
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(call.body).digest('hex')}`,
    });
    expect(JSON.parse(call.body)).toEqual({
      version: 1,
      event: 'run.requested',
      runKey: request.attemptKey,
      timestamp: START_MS / 1000,
      job: JOB,
      repo: 'o/r',
      pullRequest: 7,
      sha: 'abc',
      params: request.parameters,
      callbackUrl: 'https://bot.example/job/x',
    });
  });

  test('a link that leads elsewhere is not shown, one below uiUrl is', async () => {
    const { executor, request } = await open({}, { uiUrl: 'https://lab.example.com' });
    expect(refOf(await executor.startJob(request))).toEqual({ runId: request.attemptKey });
    const { lab, executor: other, request: again } = await open();
    expect(refOf(await other.startJob(again)).url).toBe(`${lab.url}/runs/${again.attemptKey}`);
  });

  test('refused for good: unknown parameter, and a secret that is not the same', async () => {
    const { executor, request } = await open();
    const more = { ...request.parameters, EXTRA: '1' };
    expect(await executor.startJob({ ...request, parameters: more })).toMatchObject(
      refusal(/did not accept the parameters/),
    );
  });

  test('a lab that repeats what it was sent is quoted without the callback’s token and the secret', async () => {
    const token = urlToken('url secret', 'perflab', ['pabcdefghijklm27']);
    let before = '';
    const server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        const { callbackUrl } = JSON.parse(body) as { callbackUrl: string };
        const error = `${before} unknown field callbackUrl: ${callbackUrl}, key ${SECRET}`;
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
    const clock = createManualClock(START_MS);
    const executor = createWebhookExecutor(
      { call: testCall({ ms: 5_000 }), nowMs: clock.nowMs },
      { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: SECRET, settings: {} },
    );
    const request = {
      ...requestFor({ job: JOB, clock }),
      callbackUrl: `https://bot.example/job/${token}`,
    };
    const mac = token.split('.')[1] ?? '';
    for (const length of [0, 100, 180, 190, 200, 210, 225, 260, 19_800, 19_850, 19_900, 19_930]) {
      before = (length > 1_000 ? ' ' : 'x').repeat(length);
      const started = await executor.startJob(request);
      expect(started).toMatchObject(refusal(/did not accept the parameters/));
      const said = JSON.stringify(started);
      expect(said).not.toContain(mac.slice(0, 8));
      expect(said).not.toContain(SECRET.slice(0, 10));
    }
  });

  test('a lab that can only be told is still told to stop, and says so when asked', async () => {
    const { clock, lab, executor, request } = await open();
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'running',
      reason: expect.stringContaining('callback') as unknown,
    });
    expect(await executor.cancelRun(request, ref, 'gentle')).toBe('requested');
    await clock.advance(1_000);
    expect(lab.runs[0]!.run?.end?.outcome).toBe('aborted');
    expect(await executor.cancelRun(request, ref, 'gentle')).toBe('already-finished');
    expect(await executor.cancelRun({ ...request, attemptKey: 'pb-other' }, ref, 'gentle')).toBe('not-found');
  });

  test('an old request is refused by its time, whatever its signature', async () => {
    const { lab, clock, executor, request } = await open();
    refOf(await executor.startJob(request));
    const { body, headers } = lab.calls[0]!;
    await clock.advance(301_000);
    const again = await testCall({ ms: 5_000 })({
      method: 'POST',
      url: lab.url,
      headers: { 'x-hub-signature-256': headers['x-hub-signature-256'] ?? '' },
      body,
    });
    expect(again.status).toBe(401);
  });

  test('the stand-in’s callback is signed and says how it ended', async () => {
    const received: { body: string; signature: string | undefined }[] = [];
    const bot = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        received.push({
          body: Buffer.concat(chunks).toString(),
          signature: String(incoming.headers['x-hub-signature-256']),
        });
        response.writeHead(202).end();
      });
    });
    await new Promise<void>((resolve) => bot.listen(0, '127.0.0.1', resolve));
    opened.push({ close: () => new Promise((resolve) => bot.close(resolve)) });
    const { clock, finish, executor, request } = await open();
    const callbackUrl = `http://127.0.0.1:${(bot.address() as AddressInfo).port}/job/token`;
    refOf(await executor.startJob({ ...request, callbackUrl }));
    await clock.advance(1_000);
    await finish('unstable');
    while (received.length === 0) await clock.advance(0);
    const [{ body, signature } = { body: '', signature: '' }] = received;
    expect(signature).toBe(`sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`);
    expect(JSON.parse(body)).toMatchObject({ version: 1, runKey: request.attemptKey, status: 'unstable' });
  });

  test('a status that is none is an error, not an end', async () => {
    const { clock, lab, executor, request } = await open({ answersStatus: true }, { answersStatus: 'yes' });
    refOf(await executor.startJob(request));
    await clock.advance(1_000);
    lab.breakNext({ status: 200, match: /./ });
    await expect(executor.getJobStatus(request, {})).rejects.toMatchObject({ name: 'UpstreamError' });
  });
});
