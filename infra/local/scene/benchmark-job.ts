/** The benchmark job of the local scene: builds, measures, uploads to Horreum and calls back while it still runs, as real ones do. */
import { uploadSample } from '../horreum/sample-upload.ts';
import type { LabJobBody } from '../perflab/lab-run.ts';

export interface BenchmarkJobOptions {
  readonly horreumUrl: string;
  readonly horreumKey: string;
  readonly jobId: string;
  /** Where the job says that it ended, in the original's words. */
  readonly callbackUrl: () => string;
  /** 1.12: the pull request is 12 % slower. */
  readonly slowdown: () => number;
}

const STEP_MS = 700;

export function benchmarkJob(options: BenchmarkJobOptions): LabJobBody {
  return async (run) => {
    const {
      PULL_REQUEST_NUMBER = '',
      REPO_FULL_NAME = '',
      APP_COMMIT = '',
      PERF_BOT_RUN,
      DURATION = '60s',
    } = run.parameters;
    try {
      run.stage('build');
      run.log(`Building ${REPO_FULL_NAME} at ${APP_COMMIT}`);
      await run.wait(STEP_MS);
      run.stage('measure');
      run.log(`Measuring for ${DURATION}`);
      await run.wait(2 * STEP_MS);
      run.stage('upload');
      const horreumRun = await uploadSample({
        horreumUrl: options.horreumUrl,
        apiKey: options.horreumKey,
        repoFullName: REPO_FULL_NAME,
        pullRequestNumber: PULL_REQUEST_NUMBER,
        jobId: options.jobId,
        appCommit: APP_COMMIT,
        runKey: PERF_BOT_RUN,
        slowdown: options.slowdown(),
        build: { url: run.url, number: Number(run.id) || 1, jobFullName: options.jobId },
      });
      run.log(`Uploaded as Horreum run ${horreumRun}`);
      return 'succeeded';
    } finally {
      run.log('Calling back');
      await callBack(options, run.id, REPO_FULL_NAME, Number(PULL_REQUEST_NUMBER));
    }
  };
}

async function callBack(
  { callbackUrl, jobId }: BenchmarkJobOptions,
  buildNumber: string,
  repoFullName: string,
  pullRequestNumber: number,
): Promise<void> {
  await fetch(callbackUrl(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jobId, buildNumber, repoFullName, pullRequestNumber }),
  }).catch(() => undefined);
}
