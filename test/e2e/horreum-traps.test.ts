/** Horreum's traps between the upload and the report: what comes early, late, twice, for nothing, or never. */
import { expect, test } from '@jest/globals';
import { JOB, type LocalWorld } from '../../infra/local/scene/local-world.ts';
import type { SampleUpload } from '../../infra/local/horreum/sample/sample-upload.ts';
import type { SceneJob } from '../../infra/local/scene/scene-project.ts';
import { inWorld } from './in-world.ts';
import { until } from './until.ts';
import { verdictsIn, type PullWatch } from './watch-pull.ts';

const RUN = '/perf-bot run getting-started';
const labelsHook = ({ horreum }: LocalWorld) =>
  [...horreum.store.actions.values()].find(({ event }) => event === 'dataset_labels/computed');

/** A job that does nothing but upload and call back. */
const uploading = (changes: Partial<SampleUpload>): SceneJob => ({
  id: JOB,
  body:
    ({ upload, callBack }) =>
    async (run) => {
      await upload(run, changes);
      await callBack(run);
      return 'succeeded';
    },
});

async function reports(pull: PullWatch, conclusion = 'failure'): Promise<string> {
  expect((await pull.checkEnds()).conclusion).toBe(conclusion);
  await pull.mentionCount(1);
  return pull.status();
}

const VARIABLES = ['mean_response_time', '99_response_time'];
/** As Horreum answers between the labels and the datapoints. */
const NO_RESULTS_YET = [
  {
    profile: {
      id: 1,
      name: 'Pull Request Experiment',
      testId: 10,
      comparisons: VARIABLES.map((variableName, index) => ({
        model: 'relativeDifference',
        config: { threshold: 0.1, greaterBetter: false, maxBaselineDatasets: 1 },
        variableId: index + 1,
        variableName,
      })),
    },
    logs: VARIABLES.map((name) => ({
      level: 3,
      message: `No datapoint for comparison of variable ${name}`,
    })),
    datasetInfo: { id: 2, runId: 2, ordinal: 0, testId: 10 },
    baseline: [{ id: 1, runId: 1, ordinal: 0, testId: 10 }],
    results: {},
    extraLabels: {},
    notify: false,
  },
];

const endsShown = (pull: PullWatch) =>
  pull
    .statusHistory()
    .flatMap(verdictsIn)
    .filter(({ ended }) => ended);

test.concurrent(
  'a run that is not there yet, then has no labels, then no results: no verdict before the true one',
  async () => {
    // One run of main: there is only Horreum's own comparison to quote, so that missing it would show.
    await inWorld({ baselineRuns: 1 }, async ({ horreum }, pull) => {
      const headers = { 'content-type': 'application/json' };
      const noLabels = [{ values: {}, runId: 2, datasetId: 2, start: 1, stop: 2 }];
      horreum.faults.push(
        { match: /\/api\/run\/2\/summary/, status: 404, body: 'Run 21 not found' },
        { match: /\/api\/run\/2\/labelValues/, status: 200, headers, body: JSON.stringify(noLabels) },
        { match: /\/api\/experiment\/run/, status: 200, headers, body: JSON.stringify(NO_RESULTS_YET) },
      );
      pull.write('ana', RUN);
      expect(await reports(pull, 'neutral')).toContain('Horreum says slower');
      expect(horreum.faults).toEqual([]);
      expect(new Set(endsShown(pull).map(({ verdict }) => verdict))).toEqual(new Set(['cannot-tell']));
      expect(pull.mentions()).toHaveLength(1);
    });
  },
);

test.concurrent('a slow Horreum: labels and results come seconds after the upload', async () => {
  const delays = { commitMs: 800, labelsMs: 800, datapointsMs: 1_500 };
  await inWorld({ horreum: { delays } }, async (_world, pull) => {
    pull.write('ana', RUN);
    await reports(pull);
    expect(new Set(endsShown(pull).map(({ verdict }) => verdict))).toEqual(new Set(['slower']));
  });
});

test.concurrent(
  'a run that never comes to exist is forgotten, and the upload that follows is reported',
  async () => {
    await inWorld(
      {
        jobs: [
          {
            id: JOB,
            body:
              ({ upload, callBack }) =>
              async (run) => {
                await upload(run).catch(() => run.log('Horreum answered 500; once more'));
                await upload(run);
                await callBack(run);
                return 'succeeded';
              },
          },
        ],
      },
      async ({ horreum }, pull) => {
        horreum.uploadTroubles.push({ ghost: true });
        pull.write('ana', RUN);
        expect(await reports(pull)).toContain(`${horreum.url}/run/22`);
        expect(pull.status()).not.toContain('/run/21');
      },
    );
  },
);

test.concurrent(
  'events repeated with new dataset ids, empty or nonsensical: no second report, no second mention',
  async () => {
    await inWorld({}, async (world, pull) => {
      const { horreum } = world;
      pull.write('ana', RUN);
      const report = await reports(pull);
      const edits = pull.statusHistory().length;
      const before = horreum.hooks.length;
      const again = await fetch(`${horreum.url}/api/run/21/recalculate`, {
        method: 'POST',
        headers: { 'X-Horreum-API-Key': horreum.apiKey },
      });
      expect(await again.json()).not.toEqual([21]);
      const url = String(labelsHook(world)?.config['url']);
      for (const body of ['', '{}', 'null', '[1,2]', '{"runId":21,"data":[]}', '{"runId":"x"}', 'no JSON']) {
        const answer = await fetch(url, { method: 'POST', body });
        expect(answer.status).toBe(202);
      }
      await until('the repeated event was taken', () => horreum.hooks.slice(before)[0]?.outcome);
      await pull.ask('ana', '/perf-bot status');
      expect(pull.status()).toBe(report);
      expect(pull.statusHistory()).toHaveLength(edits);
      expect(pull.mentions()).toHaveLength(1);
      expect(pull.checks()).toHaveLength(1);
      const forged = await fetch(url.replace(/.{4}(?=\/dataset_labels)/, 'AAAA'), {
        method: 'POST',
        body: '{}',
      });
      expect(forged.status).toBe(401);
    });
  },
);

test.concurrent('a private result is not shown on a public repository, and that is said', async () => {
  const jobs = [uploading({ access: 'PRIVATE' })];
  const variables = { RESULTS_TIMEOUT_MINUTES: '0.03', SWEEP_INTERVAL_SECONDS: '2' };
  await inWorld({ jobs, variables }, async (_world, pull) => {
    pull.write('ana', RUN);
    const check = await pull.checkEnds();
    await pull.mentionCount(1);
    expect(check.conclusion).toBe('neutral');
    expect(pull.status()).toMatch(/PRIVATE/);
    const everything = JSON.stringify([pull.statusHistory(), pull.mentions(), check.output]);
    expect(everything).not.toMatch(/response time|\d ms|\d µs/i);
  });
  await inWorld({ jobs, repository: { private: true } }, async (_world, pull) => {
    pull.write('ana', RUN);
    expect(await reports(pull)).toContain('Mean response time');
  });
});

test.concurrent('an upload larger than the door takes is reported all the same', async () => {
  await inWorld(
    {
      variables: { SWEEP_INTERVAL_SECONDS: '2' },
      jobs: [uploading({ fillerBytes: 7 * 1024 * 1024 })],
    },
    async ({ horreum }, pull) => {
      pull.write('ana', RUN);
      await reports(pull);
      expect(horreum.hooks.length).toBeGreaterThan(0);
      expect(horreum.hooks.map(({ outcome }) => outcome)).toEqual(horreum.hooks.map(() => ({ status: 413 })));
    },
  );
});

test.concurrent('without any word from Horreum or the job the sweeper makes it good', async () => {
  await inWorld(
    {
      horreumEvents: [],
      variables: { SWEEP_INTERVAL_SECONDS: '1' },
      jobs: [
        {
          id: JOB,
          body:
            ({ upload }) =>
            async (run) =>
              upload(run).then(() => 'succeeded' as const),
        },
      ],
    },
    async ({ horreum }, pull) => {
      pull.write('ana', RUN);
      await reports(pull);
      expect(horreum.hooks).toEqual([]);
    },
  );
});

test.concurrent('a key that Horreum refuses is named as the reason why there are no results', async () => {
  const variables = { RESULTS_TIMEOUT_MINUTES: '0.03', SWEEP_INTERVAL_SECONDS: '2' };
  const datastoreApiKey = 'HUSR_11111111_1111_1111_1111_111111111111';
  await inWorld({ variables, project: { datastoreApiKey } }, async (_world, pull) => {
    pull.write('ana', RUN);
    const check = await pull.checkEnds();
    expect(check.conclusion).toBe('neutral');
    expect(pull.status()).toMatch(/401.*API key/s);
    expect(JSON.stringify([pull.statusHistory(), check.output])).not.toContain('HUSR_');
    expect(pull.verdicts()).toMatchObject([{ state: 'results-missing', verdict: null }]);
  });
});

test.concurrent('labels that never come end the run with that reason', async () => {
  const variables = { RESULTS_TIMEOUT_MINUTES: '0.03', SWEEP_INTERVAL_SECONDS: '2' };
  await inWorld({ variables }, async ({ horreum }, pull) => {
    horreum.uploadTroubles.push({ labelsNever: true });
    pull.write('ana', RUN);
    expect((await pull.checkEnds()).conclusion).toBe('neutral');
    expect(pull.verdicts()).toMatchObject([{ state: 'results-missing' }]);
    await pull.mentionCount(1);
  });
});
