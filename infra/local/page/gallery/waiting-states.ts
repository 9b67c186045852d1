/** Shows runs that are not over yet. */
import { MINUTE_MS, NOW_MS, madeUpRun, one, type GalleryState } from './made-up-runs.ts';

const usedToWait = { startedAtMs: NOW_MS - 14 * MINUTE_MS };

export function waitingStates(): GalleryState[] {
  return [
    one(
      'queued',
      'Queued',
      madeUpRun('queued', {
        createdAtMs: NOW_MS - 40_000,
        platformRun: { queuePosition: 3, reason: 'waiting for the next free executor on lab1' },
      }),
    ),
    one(
      'unclear-start',
      'The lab did not answer clearly',
      madeUpRun('requested', {
        createdAtMs: NOW_MS - 8_000,
        platformRun: { ref: {}, unknownStarts: 1, reason: 'Jenkins did not answer within 10 s' },
      }),
    ),
    one(
      'running',
      'Running',
      madeUpRun('running', {
        arguments: { DURATION: '300s' },
        platformRun: { ...usedToWait, stage: 'measure', estimatedDurationMs: 25 * MINUTE_MS },
      }),
    ),
    one(
      'no-run-parameter',
      'Running, with a warning',
      madeUpRun('running', {
        warning:
          'the job declares no parameter PERF_BOT_RUN, so its result is found by the labels of the upload',
        platformRun: usedToWait,
      }),
    ),
    one(
      'waiting',
      'Job done, no upload yet',
      madeUpRun('running', { platformRun: { ...usedToWait, endedAtMs: NOW_MS - MINUTE_MS } }),
    ),
    one(
      'uploaded',
      'Uploaded, Horreum is computing',
      madeUpRun('uploaded', {
        horreum: {
          testId: '10',
          runId: 1841,
          url: 'https://horreum.lab.example/run/1841',
          waitingFor: 'labels',
        },
        platformRun: { ...usedToWait, endedAtMs: NOW_MS - MINUTE_MS },
      }),
    ),
    one(
      'retrying',
      'Trying again after a lab fault',
      madeUpRun('requested', {
        earlierFailure: { looksLike: 'lab', reason: 'registry.lab.example refused the connection' },
        platformRun: { attempt: 2, ref: {} },
      }),
    ),
  ];
}
