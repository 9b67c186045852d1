/** POST /github: each answer, and that nothing is parsed, queued or logged that should not be. */
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHandler } from '../../functions/github-webhook.ts';
import type { CommandMessage } from '../../lib/bot/record/messages.ts';
import { isSignedByGitHub } from '../../lib/github/signature.ts';
import { httpEvent, probeDoor, type DoorProbe, type Request } from './door.ts';

const SECRET = "It's a Secret to Everybody";
const OLDER = 'the-secret-before';
let probe: DoorProbe<CommandMessage>;
let post: (request: Request) => Promise<[number | undefined, string]>;
beforeEach(() => {
  const door = probeDoor<CommandMessage>(SECRET);
  probe = door.probe;
  const { queue, secrets, ...deps } = door.deps;
  const handler = createHandler({ ...deps, commands: queue, gitHubSecrets: secrets, prompt: '/perf-bot' });
  post = async (request) => {
    const answer = await handler(httpEvent(request));
    expect(answer.body).toMatch(/^[^\n]+\n$/);
    return [answer.statusCode, (answer.body ?? '').trim()];
  };
});

const signature = (body: string | Buffer, secret = SECRET) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const headersFor = (body: string | Buffer, event = 'issue_comment', secret = SECRET) => ({
  'content-type': 'application/json',
  'x-github-event': event,
  'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  'x-hub-signature-256': signature(body, secret),
});
const without = (headers: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
const comment = (body: string, more: object = {}) =>
  JSON.stringify({
    action: 'created',
    repository: { id: 1, full_name: 'acme/shop', private: true },
    installation: { id: 2 },
    issue: { number: 3, pull_request: {} },
    comment: {
      id: 4,
      body,
      html_url: 'https://github.test/c',
      created_at: '2026-01-02T03:04:05Z',
      user: { id: 5, login: 'ana', type: 'User' },
    },
    ...more,
  });
const COMMAND = comment('Hi\n/perf-bot run smöke 🏎');

describe('a genuine delivery', () => {
  test('that asks for something is queued before it is answered 202', async () => {
    expect(await post({ headers: headersFor(COMMAND), body: COMMAND })).toEqual([202, 'queued']);
    expect(probe.sent).toEqual([
      {
        version: 1,
        deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        delivery: {
          kind: 'comment',
          repository: { id: 1, fullName: 'acme/shop', private: true },
          installationId: 2,
          number: 3,
          onPullRequest: true,
          comment: {
            id: 4,
            body: 'Hi\n/perf-bot run smöke 🏎',
            url: 'https://github.test/c',
            createdAtMs: 1_767_323_045_000,
          },
          author: { id: 5, login: 'ana', isBot: false },
        },
      },
    ]);
  });

  test('may come as base64, and with a charset', async () => {
    const headers = { ...headersFor(COMMAND), 'content-type': 'application/json; charset=utf-8' };
    expect((await post({ headers, body: Buffer.from(COMMAND) }))[0]).toBe(202);
    expect(probe.sent[0]?.delivery).toMatchObject({ comment: { body: 'Hi\n/perf-bot run smöke 🏎' } });
  });

  test.each<[string, string, string, RegExp]>([
    ['ping', 'ping', '{"zen":"x"}', /^pong$/],
    [
      'an event that nobody acts on',
      'star',
      '{"action":"created"}',
      /^ignored: the bot does not act on star$/,
    ],
    ['a name that objects have', 'constructor', COMMAND, /^ignored: /],
    ['another such name', '__proto__', COMMAND, /^ignored: /],
    ['and another', 'toString', COMMAND, /^ignored: /],
    ['a comment without a command', 'issue_comment', comment('nice'), /holds no command/],
    [
      'an edited comment',
      'issue_comment',
      comment('/perf-bot list', { action: 'edited' }),
      /only new comments/,
    ],
    [
      'a deleted comment',
      'issue_comment',
      comment('/perf-bot list', { action: 'deleted' }),
      /only new comments/,
    ],
    [
      'a delivery to no installation',
      'issue_comment',
      comment('/perf-bot list', { installation: undefined }),
      /no repository or installation/,
    ],
    ['JSON that is no object', 'issue_comment', '[]', /^ignored: /],
    ['null', 'issue_comment', 'null', /^ignored: /],
  ])('%s is answered 200 and not queued', async (_name, event, body, answer) => {
    expect(await post({ headers: headersFor(body, event), body })).toEqual([
      200,
      expect.stringMatching(answer),
    ]);
    expect(probe.sent).toEqual([]);
  });

  test('of either secret is taken while they are rotated', async () => {
    probe.secrets = [SECRET, OLDER];
    for (const secret of [SECRET, OLDER])
      expect((await post({ headers: headersFor(COMMAND, 'issue_comment', secret), body: COMMAND }))[0]).toBe(
        202,
      );
    probe.secrets = [SECRET];
    expect((await post({ headers: headersFor(COMMAND, 'issue_comment', OLDER), body: COMMAND }))[0]).toBe(
      401,
    );
  });

  test('that can’t be queued is answered 503, so that GitHub counts it as failed', async () => {
    probe.queueIsDown = true;
    expect(await post({ headers: headersFor(COMMAND), body: COMMAND })).toEqual([
      503,
      expect.stringContaining('redeliver'),
    ]);
    expect(probe.lines.join()).toContain('the queue is down');
  });

  test('before the secret is set is answered 503, and the log says what to do', async () => {
    probe.secrets = [];
    expect(await post({ headers: headersFor(COMMAND), body: COMMAND })).toEqual([
      503,
      'Perf Bot is not set up yet',
    ]);
    expect(probe.lines.join()).toContain('put it into the secret store');
  });
});

describe('anything else', () => {
  test.each<[string, Request, number]>([
    ['another method', { method: 'GET' }, 405],
    ['PUT', { method: 'PUT', headers: headersFor(COMMAND), body: COMMAND }, 405],
    [
      'a form',
      {
        headers: { ...headersFor(COMMAND), 'content-type': 'application/x-www-form-urlencoded' },
        body: COMMAND,
      },
      415,
    ],
    ['no content type', { headers: without(headersFor(COMMAND), 'content-type'), body: COMMAND }, 415],
    [
      'a type that only begins so',
      { headers: { ...headersFor(COMMAND), 'content-type': 'application/jsonp' }, body: COMMAND },
      415,
    ],
    ['no event', { headers: without(headersFor(COMMAND), 'x-github-event'), body: COMMAND }, 400],
    ['no delivery id', { headers: without(headersFor(COMMAND), 'x-github-delivery'), body: COMMAND }, 400],
    ['too large a body', { headers: headersFor(''), body: Buffer.alloc(6 * 1024 * 1024 + 1) }, 413],
    ['no signature', { headers: without(headersFor(COMMAND), 'x-hub-signature-256'), body: COMMAND }, 401],
    ['no body', { headers: headersFor('') }, 401],
    ['signed JSON that is none', { headers: headersFor('{broken'), body: '{broken' }, 400],
    ['broken JSON that is not signed', { headers: headersFor('other'), body: '{broken' }, 401],
  ])('%s', async (_name, request, status) => {
    expect((await post(request))[0]).toBe(status);
    expect(probe.sent).toEqual([]);
    expect(probe.forged).toBe(status === 401 ? 1 : 0);
  });

  const good = signature(COMMAND);
  test.each<[string, string]>([
    ['of another body', signature('{}')],
    ['by another secret', signature(COMMAND, OLDER)],
    ['cut short', good.slice(0, -1)],
    ['with more behind it', `${good}0`],
    ['in capitals', good.toUpperCase()],
    ['of the old kind', `sha1=${createHmac('sha1', SECRET).update(COMMAND).digest('hex')}`],
    ['without its kind', good.replace('sha256=', '')],
    ['in base64', `sha256=${createHmac('sha256', SECRET).update(COMMAND).digest('base64')}`],
    ['twice', `${good},${good}`],
    ['empty', ''],
    ['of nothing', 'sha256='],
    ['zeros', `sha256=${'0'.repeat(64)}`],
  ])('a signature %s is forged', async (_name, forged) => {
    expect(
      (await post({ headers: { ...headersFor(COMMAND), 'x-hub-signature-256': forged }, body: COMMAND }))[0],
    ).toBe(401);
    expect(probe.forged).toBe(1);
  });

  test('the same JSON in other bytes is not what was signed', async () => {
    const respelled = COMMAND.replace('ö', '\\u00f6');
    expect(JSON.parse(respelled)).toEqual(JSON.parse(COMMAND));
    expect((await post({ headers: headersFor(COMMAND), body: respelled }))[0]).toBe(401);
    const bytes = Buffer.from(COMMAND, 'latin1');
    expect((await post({ headers: headersFor(bytes), body: bytes }))[0]).toBe(401);
  });
});

test('GitHub’s own example of a signature holds', async () => {
  const documented = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  expect(await isSignedByGitHub([SECRET], Buffer.from('Hello, World!'), documented)).toBe(true);
  expect(await isSignedByGitHub(['x', SECRET], Buffer.from('Hello, World!'), documented)).toBe(true);
  expect(await isSignedByGitHub([SECRET], Buffer.from('Hello, World?'), documented)).toBe(false);
  expect(await isSignedByGitHub([], Buffer.from('Hello, World!'), documented)).toBe(false);
});

test('no secret, signature or comment is ever in a log line', async () => {
  probe.secrets = [SECRET, OLDER];
  const requests: Request[] = [
    { headers: headersFor(COMMAND), body: COMMAND },
    { headers: headersFor(COMMAND, 'issue_comment', 'wrong'), body: COMMAND },
    { headers: headersFor('{'), body: '{' },
  ];
  for (const request of requests) await post(request);
  probe.queueIsDown = true;
  await post(requests[0] ?? {});
  expect(probe.lines.length).toBeGreaterThan(1);
  expect(probe.lines.join()).not.toMatch(/Secret to Everybody|the-secret-before|sha256=|smöke/);
});
