/** Shows runs that ended without results. */
import { BUILD_LOG, MINUTE_MS, NOW_MS, madeUpRun, one, type GalleryState } from './made-up-runs.ts';

const LOG = `14:02:03 + podman run --rm registry.lab.example/shop:3f9c2e1
14:02:11 Trying to pull registry.lab.example/shop:3f9c2e1 ... connection refused
14:02:41 script returned exit code 125`;

export function failureStates(): GalleryState[] {
  const ended = { startedAtMs: NOW_MS - 31 * MINUTE_MS, endedAtMs: NOW_MS - 28 * MINUTE_MS };
  return [
    one(
      'failed-code',
      'Failed because of the code',
      madeUpRun('failed', {
        failure: { looksLike: 'code', reason: 'the job failed', stage: 'build', logTail: BUILD_LOG },
        platformRun: ended,
      }),
    ),
    one(
      'failed-lab',
      'Failed twice because of the lab',
      madeUpRun('failed', {
        failure: {
          looksLike: 'lab',
          reason: 'the job failed',
          stage: 'deploy',
          logTail: LOG,
          evidence: LOG.split('\n')[1] ?? '',
        },
        earlierFailure: { looksLike: 'lab', reason: 'the job failed' },
        platformRun: { ...ended, attempt: 2 },
      }),
    ),
    one(
      'failed-config',
      'The job could not be started',
      madeUpRun('failed', {
        failure: {
          looksLike: 'configuration',
          reason: 'Jenkins has no job perf/getting-started, or this user may not see it',
          stage: 'start',
        },
        platformRun: { ref: {} },
      }),
    ),
    one(
      'unstable',
      'Unstable',
      madeUpRun('failed', {
        failure: {
          looksLike: 'unstable',
          reason: 'the job ended as unstable',
          stage: 'verify',
          logTail: '14:31:02 2 of 1,204,441 requests failed\n14:31:02 marking the build as unstable',
        },
        platformRun: ended,
      }),
    ),
    one(
      'aborted',
      'Aborted at the lab',
      madeUpRun('cancelled', {
        failure: {
          looksLike: 'aborted',
          reason: 'aborted by user ci-admin',
          stage: 'measure',
          logTail: '14:12:40 Sending interrupt signal to process\n14:12:41 Terminated',
        },
        platformRun: ended,
      }),
    ),
    one(
      'cancelled',
      'Cancelled',
      madeUpRun('cancelled', {
        createdAtMs: NOW_MS - 6 * MINUTE_MS,
        cancelRequested: { by: 'ana', atMs: NOW_MS, why: 'person' },
      }),
    ),
    one(
      'superseded',
      'Cancelled by a newer push',
      madeUpRun('cancelled', {
        automatic: true,
        createdAtMs: NOW_MS - 3 * MINUTE_MS,
        cancelRequested: { by: 'a newer push', atMs: NOW_MS, why: 'superseded' },
      }),
    ),
    one(
      'timed-out',
      'Timed out',
      madeUpRun('timed-out', {
        createdAtMs: NOW_MS - 60 * MINUTE_MS,
        failure: {
          looksLike: 'code',
          reason: 'it ran out of time',
          logTail: '13:31:11 measuring, 3 of 5\n13:41:02 still waiting for the service to answer …',
        },
        platformRun: { stage: 'measure' },
      }),
    ),
    one(
      'results-missing',
      'The job passed, but no results arrived',
      madeUpRun('results-missing', { platformRun: ended }),
    ),
    one(
      'labels-missing',
      'The upload can’t be read',
      madeUpRun('results-missing', {
        horreum: {
          testId: '10',
          runId: 1841,
          url: 'https://horreum.lab.example/run/1841',
          waitingFor: 'labels',
        },
        platformRun: ended,
      }),
    ),
    one(
      'private',
      'Private results, public repository',
      madeUpRun('results-missing', {
        horreum: {
          testId: '10',
          runId: 1841,
          url: 'https://horreum.lab.example/run/1841',
          refused:
            'Horreum run 1841 is PRIVATE and this repository is public: its results are not shown here. Upload with access=PUBLIC, or make the run public in Horreum',
        },
        platformRun: ended,
      }),
    ),
  ];
}
