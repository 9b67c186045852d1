/** POST /horreum/… and POST /job…: who may give a hint, and that nothing more is taken from it. */
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHandler as createHorreumHandler } from '../../functions/horreum-webhook.ts';
import { createHandler as createPerflabHandler } from '../../functions/perflab-webhook.ts';
import type { RunMessage } from '../../lib/bot/record/messages.ts';
import { projectIdOf } from '../../lib/bot/projects/project-config.ts';
import { callbackSecret } from '../../lib/http/url-token.ts';
import type { HttpAnswer } from '../../lib/http/api-gateway.ts';
import { urlToken } from '../../lib/http/url-token.ts';
import { httpEvent, probeDoor, type DoorProbe, type Request } from './door.ts';

const SECRET = 'a-url-token-secret';
const OLDER = 'the-secret-before';
const RUN_KEY = 'pb-abcdefghijklmnopqrstuvwxyz';
type Post = (request: Request, acceptUnsigned?: boolean) => Promise<[number | undefined, string]>;
let probe: DoorProbe<RunMessage>;
let horreum: Post;
let perflab: Post;
beforeEach(() => {
  const door = probeDoor<RunMessage>(SECRET);
  probe = door.probe;
  const { queue, secrets, ...rest } = door.deps;
  const deps = { ...rest, runs: queue, tokenSecrets: secrets };
  const sayer =
    (handle: (event: ReturnType<typeof httpEvent>) => Promise<HttpAnswer>) =>
    async (request: Request): Promise<[number | undefined, string]> => {
      const { statusCode, body = '' } = await handle(httpEvent(request));
      return [statusCode, body.trim()];
    };
  horreum = sayer(createHorreumHandler(deps));
  perflab = (request, acceptUnsigned = false) =>
    sayer(createPerflabHandler({ ...deps, acceptUnsigned }))(request);
});

describe('Horreum', () => {
  const token = (secret = SECRET, ids = ['p1', '10']) => urlToken(secret, 'horreum', ids);
  const about = (event: string, of = token()) => ({ token: of, event });
  const hint = (event: string, more: object = {}) => ({
    version: 1,
    kind: 'horreum',
    projectId: 'p1',
    testId: '10',
    event,
    ...more,
  });

  test.each<[string, string, string | Buffer | undefined, object]>([
    ['says which run is new', 'run/new', '{"id":57,"testid":99}', { horreumRunId: 57 }],
    [
      'says whose labels are computed',
      'dataset_labels/computed',
      '{"runId":57,"datasetId":3}',
      { horreumRunId: 57 },
    ],
    [
      'says whose experiment has results',
      'experiment_result/new',
      '{"datasetInfo":{"runId":57}}',
      { horreumRunId: 57 },
    ],
    [
      'says where something changed',
      'change/new',
      '{"change":{"dataset":{"runId":57}}}',
      { horreumRunId: 57 },
    ],
    ['sends bytes', 'run/new', Buffer.from('{"id":57}'), { horreumRunId: 57 }],
    ['sends an event that nobody knows', 'trend/new', '{"id":57}', { horreumRunId: 57 }],
    ['sends no data', 'dataset_labels/computed', undefined, {}],
    ['sends null', 'dataset_labels/computed', 'null', {}],
    ['sends what can’t be read', 'dataset_labels/computed', '{broken', {}],
    ['sends a run that can be none', 'run/new', '{"id":-1}', {}],
    ['sends a run that is no number', 'run/new', '{"id":"57"}', {}],
    ['sends a number beyond all runs', 'run/new', '{"id":1e300}', {}],
    ['sends a template that was not filled in', 'run/new', '{"id":"${id}"}', {}],
    [
      'sends more than is looked at',
      'run/new',
      Buffer.from(`{"id":57,"x":"${'x'.repeat(6 * 1024 * 1024)}"}`),
      {},
    ],
    ['nests very deeply', 'run/new', '['.repeat(100_000), {}],
    ['sends an event that objects have', 'constructor', '{"id":57}', { horreumRunId: 57 }],
    ['sends another', '__proto__', '{"id":57}', { horreumRunId: 57 }],
  ])('%s: a hint', async (_name, event, body, more) => {
    expect(await horreum({ pathParameters: about(event), ...(body === undefined ? {} : { body }) })).toEqual([
      202,
      'noted',
    ]);
    expect(probe.sent).toEqual([hint(event, more)]);
  });

  test.each<[string, string | undefined]>([
    ['no token', undefined],
    ['an empty one', ''],
    ['one of another secret', token('wrong')],
    ['one for a lab', urlToken(SECRET, 'perflab', ['p1'])],
    ['one for a lab, of two parts', urlToken(SECRET, 'perflab', ['p1', '10'])],
    ['one of another test', token().replace('.10.', '.11.')],
    ['one of another project', token().replace('p1.', 'p2.')],
    ['half of one', token().slice(0, -1)],
    ['one without a test', urlToken(SECRET, 'horreum', ['p1'])],
  ])('with %s is answered 401 with the remedy', async (_name, wrong) => {
    const pathParameters = wrong === undefined ? {} : about('run/new', wrong);
    expect(await horreum({ pathParameters, body: '{"id":57}' })).toEqual([
      401,
      expect.stringContaining('perf-bot horreum url'),
    ]);
    expect([probe.sent, probe.forged]).toEqual([[], 1]);
  });

  test('may use either token while the secret is rotated', async () => {
    probe.secrets = [SECRET, OLDER];
    expect((await horreum({ pathParameters: about('run/new', token(OLDER)) }))[0]).toBe(202);
    expect((await horreum({ pathParameters: about('run/new') }))[0]).toBe(202);
  });

  test('is told when the bot can’t listen', async () => {
    expect((await horreum({ method: 'GET', pathParameters: about('run/new') }))[0]).toBe(405);
    probe.queueIsDown = true;
    expect((await horreum({ pathParameters: about('run/new') }))[0]).toBe(503);
    probe.secrets = [];
    expect((await horreum({ pathParameters: about('run/new') }))[0]).toBe(503);
    expect(probe.lines.join()).toContain('put it into the secret store');
  });

  test('may send anything at all: never an error, never more than a hint', async () => {
    const bodies = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.jsonValue().map((value) => JSON.stringify({ id: value, runId: value })),
    );
    await fc.assert(
      fc.asyncProperty(bodies, fc.string(), async (body, event) => {
        probe.sent.length = 0;
        expect((await horreum({ pathParameters: about(event), body: Buffer.from(body) }))[0]).toBe(202);
        const { horreumRunId, ...rest }: Record<string, unknown> = { ...probe.sent[0] };
        expect(rest).toEqual(hint(event.slice(0, 60)));
        expect(horreumRunId === undefined || Number.isSafeInteger(horreumRunId)).toBe(true);
      }),
    );
  });
});

describe('a lab', () => {
  const REPOSITORY = 'acme/shop';
  const projectId = projectIdOf(REPOSITORY);
  const original = JSON.stringify({
    jobId: 'smoke',
    buildNumber: '12',
    repoFullName: REPOSITORY,
    pullRequestNumber: '7',
  });
  const hint = (more: object = {}) => ({ version: 1, kind: 'perflab', projectId, ...more });
  const withToken = (of = urlToken(SECRET, 'perflab', [projectId])) => ({ pathParameters: { token: of } });
  const signed = (body: string, secret = SECRET, of = projectId) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', callbackSecret(secret, of)).update(body).digest('hex')}`,
  });

  test.each<[string, string, object]>([
    ['the original’s body', original, { jobId: 'smoke', pullRequestNumber: 7 }],
    ['a run’s own name', JSON.stringify({ runKey: `${RUN_KEY}-2` }), { runKey: `${RUN_KEY}-2` }],
    ['a name that can be none', JSON.stringify({ runKey: '../../x', jobId: 5, pullRequestNumber: 'x' }), {}],
    ['an empty object', '{}', {}],
    [
      'another repository than the token’s',
      JSON.stringify({ repoFullName: 'evil/x', jobId: 'a' }),
      { jobId: 'a' },
    ],
    [
      'names that objects have',
      '{"__proto__":{"runKey":"x"},"jobId":"constructor"}',
      { jobId: 'constructor' },
    ],
  ])('with a token may send %s', async (_name, body, more) => {
    expect(await perflab({ ...withToken(), body })).toEqual([202, 'noted']);
    expect(probe.sent).toEqual([hint(more)]);
  });

  test('that signs is known by its signature, of either secret', async () => {
    expect((await perflab({ headers: signed(original), body: original }))[0]).toBe(202);
    expect((await perflab({ headers: signed(original), body: Buffer.from(original) }))[0]).toBe(202);
    probe.secrets = ['newest', SECRET];
    expect((await perflab({ headers: signed(original), body: original }))[0]).toBe(202);
    expect(probe.sent).toEqual(
      Array.from({ length: 3 }, () => hint({ jobId: 'smoke', pullRequestNumber: 7 })),
    );
  });

  test.each<[string, Request]>([
    ['neither token nor signature', { body: original }],
    ['a wrong token', { ...withToken('p1.x'), body: original }],
    ['a token for Horreum', { ...withToken(urlToken(SECRET, 'horreum', [projectId, '10'])), body: original }],
    [
      'a wrong token, though the body is signed',
      { ...withToken('p1.x'), headers: signed(original), body: original },
    ],
    ['a signature of another body', { headers: signed('{}'), body: original }],
    [
      'another project’s signature',
      { headers: signed(original, SECRET, projectIdOf('evil/x')), body: original },
    ],
    [
      'a signature by the secret itself',
      {
        headers: {
          'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(original).digest('hex')}`,
        },
        body: original,
      },
    ],
    ['a signature, but no repository', { headers: signed('{"jobId":"a"}'), body: '{"jobId":"a"}' }],
    ['a signature of broken JSON', { headers: signed('{'), body: '{' }],
    ['nothing at all', {}],
  ])('with %s is answered 401 with the remedy', async (_name, request) => {
    expect(await perflab(request)).toEqual([401, expect.stringContaining('perf-bot perflab url')]);
    expect([probe.sent, probe.forged]).toEqual([[], 1]);
  });

  test('of the original’s kind is heard where the switch is on, and only without a signature or token', async () => {
    expect(await perflab({ body: original }, true)).toEqual([202, 'noted']);
    expect(probe.sent).toEqual([hint({ jobId: 'smoke', pullRequestNumber: 7 })]);
    expect((await perflab({ headers: signed('{}'), body: original }, true))[0]).toBe(401);
    expect((await perflab({ ...withToken('x.y'), body: original }, true))[0]).toBe(401);
    expect((await perflab({ body: '{"jobId":"a"}' }, true))[0]).toBe(401);
  });

  test.each<[string, Request, number]>([
    ['another method', { method: 'GET', ...withToken() }, 405],
    ['a body that is no JSON', { ...withToken(), body: 'job=smoke' }, 400],
    ['a list', { ...withToken(), body: '[]' }, 400],
    ['no body', withToken(), 400],
    ['a huge body', { ...withToken(), body: `{"x":"${'x'.repeat(64 * 1024)}"}` }, 413],
    ['deep nesting', { ...withToken(), body: '['.repeat(60_000) }, 400],
  ])('%s is answered by its code', async (_name, request, status) => {
    expect((await perflab(request))[0]).toBe(status);
    expect(probe.sent).toEqual([]);
  });

  test('is told when the bot can’t listen', async () => {
    probe.queueIsDown = true;
    expect((await perflab({ ...withToken(), body: original }))[0]).toBe(503);
    probe.secrets = [];
    expect((await perflab({ ...withToken(), body: original }))[0]).toBe(503);
  });
});

test('no secret and no token is ever in a log line', async () => {
  const token = urlToken(SECRET, 'horreum', ['p1', '10']);
  await horreum({ pathParameters: { token, event: 'run/new' }, body: '{"id":57}' });
  await horreum({ pathParameters: { token: 'p1.10.guess', event: 'run/new' } });
  const perflabToken = urlToken(SECRET, 'perflab', ['p1']);
  await perflab({ pathParameters: { token: perflabToken }, body: '{"runKey":"x"}' });
  probe.queueIsDown = true;
  await horreum({ pathParameters: { token, event: 'run/new' } });
  expect(probe.lines.length).toBeGreaterThan(2);
  for (const secret of [
    SECRET,
    token.split('.').at(-1) ?? '',
    perflabToken.split('.').at(-1) ?? '',
    callbackSecret(SECRET, 'p1'),
  ])
    expect(probe.lines.join()).not.toContain(secret);
});
