/** One upload that Horreum makes several datasets of: each is shown, and the run waits for all of them. */
import { expect, test } from '@jest/globals';
import { importSchema, importTest } from '../../infra/local/horreum/store/import-test.ts';
import type { JsonObject } from '../../infra/local/horreum/store/store.ts';
import { JOB } from '../../infra/local/scene/local-world.ts';
import type { SceneJob } from '../../infra/local/scene/scene-project.ts';
import { multiSchemas, multiTest, part } from '../infra/local/horreum/multi-project.ts';
import { inWorld } from './in-world.ts';

const TEST_ID = '11';

/** Uploads as the Jenkins plugin does; the build's address is all that tells whose it is. */
async function upload(horreum: { url: string; apiKey: string }, parts: JsonObject[], buildUrl?: string) {
  const query = new URLSearchParams({
    test: 'multi',
    start: '1000',
    stop: '2000',
    owner: 'dev-team',
    access: 'PUBLIC',
    schema: 'uri:multi:0.1',
  });
  const form = new FormData();
  const file = (value: unknown) => new Blob([JSON.stringify(value)], { type: 'application/json' });
  form.append('data', file({ $schema: 'uri:multi:0.1', parts }), 'data.json');
  if (buildUrl)
    form.append('metadata', file({ $schema: 'urn:horreum:jenkins-plugin:0.1', buildUrl }), 'metadata.json');
  const answer = await fetch(`${horreum.url}/api/run/data?${query.toString()}`, {
    method: 'POST',
    headers: { 'X-Horreum-API-Key': horreum.apiKey },
    body: form,
  });
  if (answer.status !== 202) throw new Error(await answer.text());
}

test('several datasets: both are in the report, found by the build’s address', async () => {
  let horreum = { url: '', apiKey: '' };
  const job: SceneJob = {
    id: JOB,
    body:
      ({ callBack }) =>
      async (run) => {
        await upload(horreum, [part('pr', 60), part('pr', 210)], run.url);
        await callBack(run);
        return 'succeeded';
      },
    file: {
      datastoreConfig: { testId: TEST_ID },
      metrics: { v_num: { title: 'Throughput', direction: 'higher', policy: 'gate' } },
      history: { branchLabel: 'p.who', mainValue: 'main' },
    },
  };
  const variables = { SWEEP_INTERVAL_SECONDS: '1' };
  await inWorld({ jobs: [job], horreumEvents: [], variables }, async (world, pull) => {
    horreum = world.horreum;
    multiSchemas.forEach((schema) => importSchema(world.horreum.store, schema));
    importTest(world.horreum.store, multiTest);
    for (const tenths of [0, 3, -2, 1, -3, 2])
      await upload(horreum, [part('main', 100 + tenths / 10), part('main', 200 + tenths / 5)]);
    pull.write('ana', `/perf-bot run ${JOB}`);
    expect((await pull.checkEnds()).conclusion).toBe('failure');
    const rows = pull.status().match(/^\|.*Throughput.*\|$/gm) ?? [];
    expect(rows.map((row) => /\| (60|210)(?:\.0+)? \|/.exec(row)?.[1])).toEqual(['60', '210']);
    expect(pull.status()).toContain(`${horreum.url}/run/27`);
    await pull.mentionCount(1);
  });
});
