/** Every example payload that GitHub's users have published, as it is and mutated: no error, and a message only for what the bot acts on. */
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHandler } from '../../functions/github-webhook.ts';
import type { CommandMessage } from '../../lib/bot/record/messages.ts';
import { pickEvent } from '../../lib/github/pick-event.ts';
import { httpEvent, probeDoor } from './door.ts';

interface Definition {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}
const definitions = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Definition[];
const examples = definitions.flatMap(({ name, examples: all }) => all.map((payload) => ({ name, payload })));

const SECRET = 'a-webhook-secret';
const ACTED_ON = new Set([
  'issue_comment',
  'pull_request',
  'check_run',
  'push',
  'workflow_run',
  'installation',
  'installation_repositories',
  'repository',
]);

function door() {
  const { probe, deps } = probeDoor<CommandMessage>(SECRET);
  const { queue, secrets, ...rest } = deps;
  const handler = createHandler({ ...rest, commands: queue, gitHubSecrets: secrets, prompt: '/perf-bot' });
  const post = async (name: string, payload: unknown, isSigned = true): Promise<number> => {
    const body = JSON.stringify(payload);
    const signature = `sha256=${createHmac('sha256', isSigned ? SECRET : 'forged')
      .update(body)
      .digest('hex')}`;
    const headers = {
      'content-type': 'application/json',
      'x-github-event': name,
      'x-github-delivery': 'd-1',
      'x-hub-signature-256': signature,
    };
    return (await handler(httpEvent({ headers, body }))).statusCode ?? 0;
  };
  return { probe, post };
}

/** The example as it comes to an App; on a pull request and with a command, where it is a comment. */
function toApp({ name, payload }: (typeof examples)[number]): Record<string, unknown> {
  const installed = {
    ...payload,
    installation: { id: 2, ...(payload['installation'] as object | undefined) },
  };
  if (name !== 'issue_comment') return installed;
  const { issue, comment } = payload as { issue: object; comment: object };
  return {
    ...installed,
    issue: { ...issue, pull_request: {} },
    comment: { ...comment, body: '/perf-bot list' },
  };
}

test('there are some hundred examples of every kind', () => {
  expect(examples.length).toBeGreaterThan(300);
  for (const name of ACTED_ON) expect(definitions.map((definition) => definition.name)).toContain(name);
});

describe('every example', () => {
  test('unsigned is refused and leaves nothing behind', async () => {
    const { probe, post } = door();
    const statuses = new Set(
      await Promise.all(examples.map(({ name, payload }) => post(name, payload, false))),
    );
    expect([...statuses]).toEqual([401]);
    expect(probe.sent).toEqual([]);
    expect(probe.forged).toBe(examples.length);
  });

  test('signed is answered 200 or 202, and queued only if the bot acts on it', async () => {
    const { probe, post } = door();
    for (const { name, payload } of examples) {
      const before = probe.sent.length;
      const status = await post(name, payload);
      expect([name, status, probe.sent.length - before]).toEqual([name, status, status === 202 ? 1 : 0]);
      expect([200, 202]).toContain(status);
      if (status === 202) expect(ACTED_ON).toContain(name);
    }
  });

  test('sent to an App is queued, cut down to what the bot needs', async () => {
    const { probe, post } = door();
    const queued = new Map<string, number>();
    for (const example of examples) {
      if ((await post(example.name, toApp(example))) === 202)
        queued.set(example.name, (queued.get(example.name) ?? 0) + 1);
    }
    expect([...queued.keys()].every((name) => ACTED_ON.has(name))).toBe(true);
    for (const name of [
      'issue_comment',
      'pull_request',
      'push',
      'installation',
      'installation_repositories',
      'repository',
    ])
      expect([name, queued.get(name) ?? 0]).not.toEqual([name, 0]);
    for (const message of probe.sent) expect(JSON.stringify(message).length).toBeLessThan(20_000);
  });
});

/** A payload with some of its values taken away or put in another's place. */
const mutated = fc
  .tuple(
    fc.constantFrom(...examples.filter(({ name }) => ACTED_ON.has(name))),
    fc.infiniteStream(fc.nat(40)),
    fc.infiniteStream(fc.jsonValue({ maxDepth: 1 })),
  )
  .map(([example, chances, values]) => ({
    name: example.name,
    payload: mutate(
      toApp(example),
      () => Number(chances.next().value),
      () => values.next().value as unknown,
    ),
  }));

function mutate(value: unknown, chance: () => number, other: () => unknown): unknown {
  const roll = chance();
  if (roll === 0) return other();
  if (roll === 1) return null;
  if (Array.isArray(value)) return value.slice(0, 5).map((one) => mutate(one, chance, other));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(() => chance() !== 2);
  return Object.fromEntries(
    kept.map(([name, one]) => [roll === 3 ? '__proto__' : name, mutate(one, chance, other)]),
  );
}

describe('a mutated example', () => {
  test('is queued or ignored, never an error, and changes nothing of ours', async () => {
    const { post } = door();
    await fc.assert(
      fc.asyncProperty(mutated, async ({ name, payload }) => {
        expect([200, 202]).toContain(await post(name, payload));
      }),
      { numRuns: 400 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('that is acted on has all that its kind must have', () => {
    fc.assert(
      fc.property(mutated, ({ name, payload }) => {
        const picked = pickEvent(name, JSON.parse(JSON.stringify(payload)), '/perf-bot');
        if (picked.kind === 'ignore') return expect(picked.reason.length).toBeGreaterThan(5);
        const { delivery } = picked;
        if ('installationId' in delivery) expect(Number.isFinite(delivery.installationId)).toBe(true);
        if ('repository' in delivery)
          expect(delivery.repository).toEqual({
            id: expect.any(Number),
            fullName: expect.stringMatching(/./),
            private: expect.any(Boolean),
          });
        if ('number' in delivery) expect(Number.isFinite(delivery.number)).toBe(true);
        if ('headSha' in delivery && delivery.kind !== 'check-button') expect(delivery.headSha).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});

test('a push of thousands of long paths still fits into a message', () => {
  const commits = Array.from({ length: 20 }, (_, commit) => ({
    added: Array.from({ length: 3000 }, (_one, index) => `src/${'deep/'.repeat(40)}${commit}/${index}.ts`),
  }));
  const payload = {
    ref: 'refs/heads/main',
    after: 'a'.repeat(40),
    commits,
    repository: { id: 1, full_name: 'a/b' },
    installation: { id: 2 },
    sender: { id: 3, login: 'ana' },
  };
  const picked = pickEvent('push', payload, '/perf-bot');
  expect(picked.kind).toBe('act');
  expect(Buffer.byteLength(JSON.stringify(picked))).toBeLessThan(256 * 1024);
});
