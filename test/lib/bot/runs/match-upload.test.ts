/** Which run an upload is of, and when its results are complete. */
import { describe, expect, test } from '@jest/globals';
import type { ExperimentResult, Json } from '../../../../lib/horreum/datastore.ts';
import type { JobRun } from '../../../../lib/bot/record/job-run.ts';
import { resultsArePending } from '../../../../lib/bot/reports/horreum-evaluation.ts';
import { matchUpload, type Upload } from '../../../../lib/bot/runs/match-upload.ts';
import { aRun } from '../a-run.ts';

type Labels = Readonly<Record<string, Json>>;

function upload(labels: readonly Labels[], metadata: readonly Json[] = [], id = 57): Upload {
  return {
    run: {
      id,
      testId: 10,
      access: 'PUBLIC',
      trashed: false,
      hasMetadata: metadata.length > 0,
      datasetIds: labels.map((_, index) => index),
    },
    labels: labels.map((values, index) => ({ runId: id, datasetId: index, startMs: 0, values })),
    metadata,
  };
}

const run = aRun();
const original: Labels = {
  'pb.repo_full_name': 'acme/shop',
  'pb.pull_request_number': 7,
  'pb.job_id': 'smoke',
};
const OTHER_KEY = 'pb-zzzzzzzzzzzzzzzzzzzzzzzzzz';
const built = (url: string, runId = '12'): JobRun =>
  aRun({ platformRun: { ...run.platformRun, ref: { queueId: '3', runId, url } } });
const BUILD = built('https://jenkins.internal:8443/job/perf/job/smoke/12/');

describe('an upload is', () => {
  test.each<[string, JobRun, Upload, string]>([
    ['ours by its run key', run, upload([{ 'pb.run_key': run.runKey }]), 'ours'],
    ['ours by a key in its second dataset', run, upload([{ rt: 1 }, { 'pb.run_key': run.runKey }]), 'ours'],
    [
      'another run’s by its key, whatever else fits',
      run,
      upload([{ ...original, 'pb.run_key': OTHER_KEY }]),
      'not-ours',
    ],
    [
      'another run’s though a build URL fits',
      BUILD,
      upload([{ 'pb.run_key': OTHER_KEY }], [{ buildUrl: 'http://x/job/perf/job/smoke/12/' }]),
      'not-ours',
    ],
    [
      'ours by the key of its second attempt',
      { ...run, platformRun: { ...run.platformRun, attempt: 2 } },
      upload([{ 'pb.run_key': `${run.runKey}-2` }]),
      'ours',
    ],
    [
      'the failed first attempt’s, once there is a second',
      { ...run, platformRun: { ...run.platformRun, attempt: 2 } },
      upload([{ 'pb.run_key': run.runKey }]),
      'not-ours',
    ],
    ['judged by the rest where the key is empty', run, upload([{ ...original, 'pb.run_key': '' }]), 'ours'],
    ['judged by the rest where the key is null', run, upload([{ ...original, 'pb.run_key': null }]), 'ours'],
    [
      'ours by its build’s path behind another host',
      BUILD,
      upload([{}], [{ buildUrl: 'http://ci.acme.test/job/perf/job/smoke/12/' }]),
      'ours',
    ],
    [
      'ours by the page of its console',
      BUILD,
      upload([{}], [{ buildUrl: 'https://jenkins.internal/job/perf/job/smoke/12/console' }]),
      'ours',
    ],
    [
      'another build’s',
      BUILD,
      upload([original], [{ buildUrl: 'https://jenkins.internal/job/perf/job/smoke/1/' }]),
      'not-ours',
    ],
    [
      'not judged by the job’s page while no build is known',
      aRun({ platformRun: { ...run.platformRun, ref: { queueId: '3', url: 'https://j/job/smoke/' } } }),
      upload([original], [{ buildUrl: 'https://j/job/smoke/12/' }]),
      'ours',
    ],
    [
      'judged by labels where the metadata name no build',
      BUILD,
      upload([original], ['text', null, 5, ['x'], { other: 1 }, { buildUrl: 7 }]),
      'ours',
    ],
    [
      'not of a build whose URL is no URL',
      BUILD,
      upload([original], [{ buildUrl: 'not a url' }]),
      'not-ours',
    ],
    ['unknown while no label is computed', run, upload([{}, {}]), 'not-yet'],
    ['unknown while there is no dataset', run, upload([]), 'not-yet'],
    ['ours by the original’s labels', run, upload([original]), 'ours'],
    ['ours with the number as text', run, upload([{ ...original, 'pb.pull_request_number': '7' }]), 'ours'],
    [
      'ours with the name in another case',
      run,
      upload([{ ...original, 'pb.repo_full_name': 'Acme/Shop' }]),
      'ours',
    ],
    [
      'ours without a job, as the original uploads it',
      run,
      upload([{ ...original, 'pb.job_id': null }]),
      'ours',
    ],
    ['another job’s', run, upload([{ ...original, 'pb.job_id': 'heap' }]), 'not-ours'],
    ['another pull request’s', run, upload([{ ...original, 'pb.pull_request_number': 77 }]), 'not-ours'],
    ['another repository’s', run, upload([{ ...original, 'pb.repo_full_name': 'acme/shop2' }]), 'not-ours'],
    [
      'nobody’s without a repository',
      run,
      upload([{ 'pb.pull_request_number': 7, 'pb.job_id': 'smoke' }]),
      'not-ours',
    ],
    [
      'an older one, uploaded before the run was started',
      aRun({ horreum: { testId: '10', newestBefore: 57 } }),
      upload([original]),
      'not-ours',
    ],
    [
      'ours when it is newer than what was there before',
      aRun({ horreum: { testId: '10', newestBefore: 56 } }),
      upload([original]),
      'ours',
    ],
    [
      'ours by its key, even if ids went backwards',
      aRun({ horreum: { testId: '10', newestBefore: 99 } }),
      upload([{ 'pb.run_key': run.runKey }]),
      'ours',
    ],
    [
      'never a branch’s by the labels of a pull request',
      aRun({ subject: { kind: 'push', branch: 'main' } }),
      upload([original]),
      'not-ours',
    ],
  ])('%s', (_name, of, one, match) => expect(matchUpload(of, one, undefined)).toBe(match));

  test.each<[string, Json, string]>([
    ['the whole commit', run.headSha, 'ours'],
    ['its beginning', run.headSha.slice(0, 7), 'ours'],
    ['too short a beginning', run.headSha.slice(0, 6), 'not-ours'],
    ['another commit', 'f'.repeat(40), 'not-ours'],
    ['nothing', null, 'ours'],
    ['what the run was given', 'v1.2', 'ours'],
  ])('held against a commit label: %s', (_name, commit, match) => {
    const given = aRun({ parameters: { COMMIT: 'v1.2' } });
    expect(matchUpload(given, upload([{ ...original, commit }]), 'commit')).toBe(match);
  });
});

describe('results are waited for', () => {
  const comparison = { overall: 'SAME', experimentValue: 1, baselineValue: 1 } as const;
  const variables = [
    { id: 1, name: 'rt', labels: ['rt_ms'] },
    { id: 2, name: 'rps', labels: ['rps'] },
    { id: 3, name: 'ratio', labels: ['a', 'b'] },
    { id: 4, name: 'worst', labels: ['times'], isComputed: true },
  ];
  const experiment = (names: string[], results: string[], logs: string[] = []): ExperimentResult => ({
    profile: {
      id: 1,
      name: 'PR',
      comparisons: names.map((variableName, variableId) => ({ variableName, variableId })),
    },
    logs: logs.map((message) => ({ level: 1, message })),
    baseline: [],
    results: Object.fromEntries(results.map((name) => [name, comparison])),
  });
  const NO_BASELINE = 'Baseline for comparison of variable rt is empty';
  const NO_DATAPOINT = 'No datapoint for comparison of variable rps';

  test.each<[string, ExperimentResult, Labels, boolean]>([
    [
      'not where every comparison has one',
      experiment(['rt', 'rps'], ['rt', 'rps']),
      { rt_ms: 1, rps: 2 },
      false,
    ],
    ['while a profile matches and nothing is there', experiment(['rt'], []), { rt_ms: 1 }, true],
    [
      'while one datapoint is missing',
      experiment(['rt', 'rps'], ['rt'], [NO_DATAPOINT]),
      { rt_ms: 1, rps: 2 },
      true,
    ],
    ['not for a baseline that is empty', experiment(['rt'], [], [NO_BASELINE]), { rt_ms: 1 }, false],
    ['not for a label that holds no number', experiment(['rt'], []), { rt_ms: 'n/a' }, false],
    ['not for a label that is null', experiment(['rt'], []), { rt_ms: null }, false],
    ['for a label that holds a number as text', experiment(['rt'], []), { rt_ms: '12.5' }, true],
    ['for a variable that is computed of two labels', experiment(['ratio'], []), {}, true],
    ['for a variable that is computed of a list', experiment(['worst'], []), { times: [1, 2] }, true],
    ['for a variable that nobody knows', experiment(['unknown'], []), {}, true],
    ['not where no profile matched', { logs: [], baseline: [], results: {} }, { rt_ms: 1 }, false],
    [
      'not where one has neither result nor remark, beside others that have',
      experiment(['rt', 'rps'], ['rt']),
      { rt_ms: 1, rps: 2 },
      false,
    ],
  ])('%s', (_name, one, labels, pending) => expect(resultsArePending(one, labels, variables)).toBe(pending));
});
