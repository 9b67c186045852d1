/** A comment that reruns several jobs, delivered again when one of them has succeeded: nothing is started a second time. */
import { expect, test } from '@jest/globals';
import type { LabJobBody } from '../../infra/local/stand-in/lab-run.ts';
import { inWorld } from './in-world.ts';
import { until } from './until.ts';

const file = { datastoreConfig: undefined };

test('`rerun failed`, delivered twice', async () => {
  let flakyBuilds = 0;
  const flaky: LabJobBody = async () => ((flakyBuilds += 1) === 1 ? 'failed' : 'succeeded');
  const broken: LabJobBody = async () => 'failed';
  const jobs = [
    { id: 'flaky', file, body: () => flaky },
    { id: 'broken', file, body: () => broken },
  ];
  await inWorld({ jobs }, async ({ github, jenkins }, pull) => {
    pull.write('ana', '/perf-bot run broken\n/perf-bot run flaky');
    await pull.checkEnds('flaky');
    await pull.checkEnds('broken');
    pull.write('ana', '/perf-bot rerun failed');
    await until('both ran again', () => ['flaky', 'broken'].every((job) => jenkins.builds(job).length === 2));
    expect((await pull.checkEnds('flaky')).conclusion).toBe('success');
    expect((await pull.checkEnds('broken')).conclusion).toBe('failure');

    const delivery = github.deliveries.filter(({ event }) => event === 'issue_comment').at(-1);
    github.redeliver(delivery?.guid ?? '');
    await github.webhooksSettled();
    await pull.ask('ana', '/perf-bot status');
    expect(jenkins.builds('broken')).toHaveLength(2);
  });
});
