/** Outside systems that repeat what they were sent, ask to wait for ever or answer what they should not; and comments of any characters. */
import { expect, test } from '@jest/globals';
import { JOB, type LocalWorld } from '../../infra/local/scene/local-world.ts';
import type { SceneJob } from '../../infra/local/scene/scene-project.ts';
import type { JobRun } from '../../lib/bot/record/job-run.ts';
import { inWorld } from './in-world.ts';
import { until } from './until.ts';
import type { PullWatch } from './watch-pull.ts';

const RUN = `/perf-bot run ${JOB}`;
const times = <Fault>(count: number, fault: Fault): Fault[] => Array.from({ length: count }, () => fault);

/** All that people can read of a pull request. */
const shown = (pull: PullWatch) =>
  JSON.stringify([pull.statusHistory(), pull.mentions(), pull.replies(), pull.checks()]);

async function runAt({ url, local }: LocalWorld, runKey: string): Promise<JobRun> {
  const headers = { authorization: `Bearer ${local.adminToken}` };
  return (await (await fetch(`${url}/admin/runs/${runKey}`, { headers })).json()) as JobRun;
}

test.concurrent.each([
  ['an emoji', 'Nice work 😀 team'],
  ['what is no character', 'odd \uffff and \ufffe'],
  ['half a character', 'half \ud83d and \ude00 half'],
])('a comment with %s beside its command starts a run', async (_, words) => {
  await inWorld({}, async ({ jenkins }, pull) => {
    pull.write('ana', `${words}\n\n${RUN}`);
    await pull.checkEnds();
    expect(jenkins.builds(JOB)).toHaveLength(1);
  });
});

test.concurrent(
  'a Horreum that repeats the key in its refusals: it reaches neither people nor the log',
  async () => {
    const lines: string[] = [];
    const options = {
      sink: (line: string) => void lines.push(line),
      variables: { RESULTS_TIMEOUT_MINUTES: '0.05' },
    };
    await inWorld(options, async ({ horreum }, pull) => {
      const body = `bad header X-Horreum-API-Key: ${horreum.apiKey}`;
      const headers = { 'content-type': 'text/plain' };
      horreum.faults.push(...times(500, { match: /^GET /, status: 400, headers, body }));
      pull.write('ana', RUN);
      await pull.checkEnds();
      expect(pull.status()).toContain('bad header');
      for (const text of [shown(pull), lines.join('\n')])
        expect(text).not.toContain(horreum.apiKey.slice(0, 20));
    });
  },
);

test.concurrent.each([
  ['Retry-After', 429, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }],
  ['its limit’s reset', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '253402300799' }],
])('a GitHub that asks by %s to wait for ever is asked again after an hour', async (_, status, headers) => {
  let onEnd: () => Promise<unknown> = async () => undefined;
  const job: SceneJob = {
    id: JOB,
    body:
      ({ upload }) =>
      async (run) => {
        await upload(run);
        await onEnd();
        return 'succeeded';
      },
  };
  // Nobody hints: the look at which GitHub refuses the mention is the last one, and plans the next.
  await inWorld({ jobs: [job], horreumEvents: [] }, async (world, pull) => {
    const refusal = {
      match: /^POST .*\/issues\/\d+\/comments$/,
      status,
      headers,
      body: { message: 'slow down' },
    };
    onEnd = async () => {
      await until('the status comment appears', () => pull.status() !== '');
      world.github.faults.push(...times(100, refusal));
    };
    pull.write('ana', RUN);
    const runKey = await until('the run is there', () => pull.check()?.externalId);
    const run = await until('the run waits for GitHub', async () => {
      const { state, dueAtMs, leaseUntilMs } = await runAt(world, runKey);
      return state === 'reported' && leaseUntilMs === undefined ? { dueAtMs } : undefined;
    });
    expect(run.dueAtMs).toBeLessThanOrEqual(Date.now() + 62 * 60_000);
    expect(run.dueAtMs).toBeGreaterThan(Date.now() + 30 * 60_000);
  });
});

test.concurrent('a redirect in place of a permission is no refusal: the command is tried again', async () => {
  await inWorld({}, async ({ github }, pull) => {
    const headers = { location: 'https://elsewhere.example/login' };
    github.faults.push({ match: /^GET .*\/permission$/, status: 307, headers });
    pull.write('ana', RUN);
    await pull.checkEnds();
    expect(github.faults).toEqual([]);
    expect(pull.replies()).toEqual([]);
  });
});
