/** Runs the benchmark jobs of the local scene: each builds, measures, uploads to Horreum and calls back while it still runs, as real ones do. */
import { uploadSample, type SampleUpload } from '../horreum/sample/sample-upload.ts';
import type { LabJobBody, LabRun } from '../stand-in/lab-run.ts';

export interface BenchmarkJobOptions {
  readonly horreumUrl: string;
  readonly horreumKey: string;
  readonly jobId: string;
  /** Where the job says that it ended, in the original's words. */
  readonly callbackUrl: () => string;
  /** 1.12: the pull request is 12 % slower. */
  readonly slowdown: () => number;
  /** False: the platform itself says that the job has ended, and no plugin of Jenkins adds build information. Default true. */
  readonly asOnJenkins?: boolean;
}

/** What a job does besides computing; a job body of one's own is put together from it. */
export interface BenchmarkTools {
  /** The Horreum run. `changes` undefined in a field leaves that field out. */
  upload(run: LabRun, changes?: Partial<SampleUpload>): Promise<number>;
  /** The original's body, posted as the original posts it: from the job, while it still runs. */
  callBack(run: LabRun): Promise<number>;
  /** The usual job. */
  readonly usual: LabJobBody;
}

const STEP_MS = 700;

export function benchmarkTools(options: BenchmarkJobOptions): BenchmarkTools {
  const { asOnJenkins = true } = options;
  const upload: BenchmarkTools['upload'] = (run, changes = {}) => {
    const { PULL_REQUEST_NUMBER = '', REPO_FULL_NAME = '', APP_COMMIT = '', PERF_BOT_RUN } = run.parameters;
    return uploadSample({
      horreumUrl: options.horreumUrl,
      apiKey: options.horreumKey,
      repoFullName: REPO_FULL_NAME,
      pullRequestNumber: PULL_REQUEST_NUMBER,
      jobId: options.jobId,
      appCommit: APP_COMMIT,
      runKey: PERF_BOT_RUN,
      slowdown: options.slowdown(),
      ...(asOnJenkins
        ? { build: { url: run.url, number: Number(run.id) || 1, jobFullName: options.jobId } }
        : {}),
      ...changes,
    });
  };
  const callBack: BenchmarkTools['callBack'] = async ({ id, parameters }) => {
    const answer = await fetch(options.callbackUrl(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        jobId: options.jobId,
        buildNumber: id,
        repoFullName: parameters['REPO_FULL_NAME'],
        pullRequestNumber: Number(parameters['PULL_REQUEST_NUMBER']),
      }),
    }).catch(() => undefined);
    return answer?.status ?? 0;
  };
  return { upload, callBack, usual: usualJob(upload, asOnJenkins ? callBack : undefined) };
}

function usualJob(
  upload: BenchmarkTools['upload'],
  callBack: BenchmarkTools['callBack'] | undefined,
): LabJobBody {
  return async (run) => {
    const { REPO_FULL_NAME = '', APP_COMMIT = '', DURATION = '60s' } = run.parameters;
    try {
      run.stage('build');
      run.log(`Building ${REPO_FULL_NAME} at ${APP_COMMIT}`);
      await run.wait(STEP_MS);
      run.stage('measure');
      run.log(`Measuring for ${DURATION}`);
      await run.wait(2 * STEP_MS);
      run.stage('upload');
      run.log(`Uploaded as Horreum run ${await upload(run)}`);
      return 'succeeded';
    } finally {
      if (callBack) {
        run.log('Calling back');
        await callBack(run);
      }
    }
  };
}

export function benchmarkJob(options: BenchmarkJobOptions): LabJobBody {
  return benchmarkTools(options).usual;
}
