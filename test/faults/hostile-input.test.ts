/** Hostile and broken input: at the doors nothing answers 5xx, behind them nothing is left unhandled, and no prototype is polluted. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RUN_STATES, type JobRun } from '../../lib/bot/record/job-run.ts';
import type { Fault } from './fault.ts';
import { spoil, spoilings, type Spoiling } from './hostile-json.ts';
import { judge, type Expected } from './judge.ts';
import { playScene } from './play-scene.ts';
import { closeEmbeddedTables } from './embedded-tables.ts';
import { JOB, SECRETS } from './outside.ts';
import { startWorld, type World } from './world.ts';

const SEED = 20_261_125;
const PATIENCE_MS = 300_000;
const WEBHOOKS = 250;
const SPOILT_RUNS = 4;

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => void process.on('unhandledRejection', onUnhandled));
afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled.splice(0)).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
afterAll(closeEmbeddedTables);

interface Example {
  readonly name: string;
  readonly examples: readonly unknown[];
}

function publishedExamples(): { readonly event: string; readonly body: string }[] {
  const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json');
  const all = JSON.parse(readFileSync(path, 'utf8')) as readonly Example[];
  const wanted = [
    'issue_comment',
    'pull_request',
    'check_run',
    'check_suite',
    'push',
    'installation',
    'repository',
    'workflow_run',
  ];
  return all
    .filter(({ name }) => wanted.includes(name))
    .flatMap(({ name, examples }) =>
      examples.map((example) => ({ event: name, body: JSON.stringify(example) })),
    );
}

async function post(world: World, event: string, body: string): Promise<number> {
  const signature = createHmac('sha256', SECRETS.webhook).update(body).digest('hex');
  const answer = await fetch(`${world.doorUrl}/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': `hostile-${Math.random()}`,
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
  });
  await answer.text();
  return answer.status;
}

describe('hostile input', () => {
  test(
    'webhooks of GitHub, spoilt: never a 5xx, and the workers come to rest',
    async () => {
      const world = await startWorld();
      try {
        world.github.addComment(world.pulls[0], 'ana', `/perf-bot run ${JOB}`);
        await world.settle();
        const own = world.github.deliveries
          .filter(({ event }) => event === 'issue_comment')
          .map(({ event, request }) => ({ event, body: JSON.stringify(request.payload) }));
        // Ours among the published ones, often enough that the workers get something to do.
        const examples = [...publishedExamples(), ...Array.from({ length: 15 }, () => own).flat()];
        await fc.assert(
          fc.asyncProperty(fc.constantFrom(...examples), spoilings, async ({ event, body }, spoiling) => {
            expect(await post(world, event, spoil(body, spoiling))).toBeLessThan(500);
          }),
          { seed: SEED, numRuns: WEBHOOKS, endOnFailure: true },
        );
        expect(await playScene(world, [])).toBe(true);
        for (const pull of world.pulls) {
          const statuses = pull.comments.filter(({ body }) => body.includes('<!-- perf-bot:status -->'));
          expect(statuses.filter(({ author }) => author.type === 'Bot').length).toBeLessThanOrEqual(1);
        }
      } finally {
        await world.close();
      }
    },
    PATIENCE_MS,
  );

  test(
    'hints of Horreum and of jobs, spoilt: never a 5xx',
    async () => {
      const world = await startWorld();
      try {
        const hooks = [...world.horreum.store.actions.values()].map(({ config }) => String(config['url']));
        const bodies = [
          '{"id":7,"testid":10,"datasetId":3}',
          '{"jobId":"getting-started","buildNumber":"7"}',
        ];
        await fc.assert(
          fc.asyncProperty(
            fc.constantFrom(...hooks),
            fc.constantFrom(...bodies),
            spoilings,
            async (url, body, how) => {
              const headers = { 'content-type': 'application/json' };
              const answers = await Promise.all(
                [url, `${world.doorUrl}/job`, `${url}x`].map((address) =>
                  fetch(address, { method: 'POST', headers, body: spoil(body, how) }),
                ),
              );
              for (const answer of answers) {
                await answer.text();
                expect(answer.status).toBeLessThan(500);
              }
            },
          ),
          { seed: SEED, numRuns: 60, endOnFailure: true },
        );
      } finally {
        await world.close();
      }
    },
    PATIENCE_MS,
  );

  test(
    'answers of Jenkins and Horreum, spoilt: the run still ends once, where people can see it',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(spoilings, { minLength: 10, maxLength: 30 }), async (how) => {
          expect(await playSpoilt(how)).toEqual([]);
        }),
        { seed: SEED, numRuns: SPOILT_RUNS, endOnFailure: true },
      );
    },
    PATIENCE_MS,
  );
});

const ENDS: readonly JobRun['state'][] = RUN_STATES.slice(RUN_STATES.indexOf('reported'));
const ANY_END: Expected = { runs: [1, 0], ends: [ENDS, []] };

/** Every second answer of a lab or Horreum is spoilt, for as long as there are spoilings. */
async function playSpoilt(spoiling: readonly Spoiling[]): Promise<string[]> {
  let calls = 0;
  const world = await startWorld({
    faultFor({ place }): Fault | undefined {
      if (place.system !== 'jenkins' && place.system !== 'horreum') return undefined;
      const how = calls % 2 === 0 ? spoiling[calls / 2] : undefined;
      calls += 1;
      return how && { kind: 'mangled', when: 'after', mangle: (body) => spoil(body, how) };
    },
  });
  try {
    const run = ({ github, pulls }: World) => void github.addComment(pulls[0], 'ana', `/perf-bot run ${JOB}`);
    return await judge(world, await playScene(world, [{ when: () => true, act: run }]), ANY_END);
  } finally {
    await world.close();
  }
}
