/** Uploads a result to any Horreum with the labels that the bot looks for, as a benchmark job does at its end. */
import { SAMPLE_OWNER, SAMPLE_SCHEMA_URI, SAMPLE_TEST } from './sample-project.ts';
import { createSampleResult } from './sample-result.ts';

export interface SampleUpload {
  readonly horreumUrl: string;
  readonly apiKey: string;
  /** Name or id. Default: the sample test. */
  readonly test?: string;
  readonly repoFullName: string;
  readonly pullRequestNumber: number | string;
  readonly jobId: string;
  readonly appCommit: string;
  readonly runKey?: string | undefined;
  /** 1 is the usual speed, 1.2 takes a fifth longer. */
  readonly slowdown?: number | undefined;
  /** Uploaded with the data, as the Jenkins plugin does with `addBuildInfo`. */
  readonly build?:
    { readonly url: string; readonly number: number; readonly jobFullName: string } | undefined;
  readonly access?: 'PUBLIC' | 'PROTECTED' | 'PRIVATE';
  /** When the benchmark began, epoch ms. Default: so that it ended just now. */
  readonly startMs?: number;
  readonly seed?: string | number;
  /** Makes the upload, and the webhooks that carry it, so much longer. */
  readonly fillerBytes?: number;
}

const TAKES_MS = 77_000;

/** The id of the run. Throws if Horreum refuses. */
export async function uploadSample(upload: SampleUpload): Promise<number> {
  const startMs = upload.startMs ?? Date.now() - TAKES_MS;
  const { repoFullName, pullRequestNumber, jobId, appCommit, runKey, slowdown } = upload;
  const seed =
    upload.seed ?? `${runKey ?? ''}/${repoFullName}/${pullRequestNumber}/${jobId}/${appCommit}/${startMs}`;
  const result = createSampleResult({
    repoFullName,
    pullRequestNumber,
    jobId,
    appCommit,
    runKey,
    slowdown,
    startMs,
    seed,
  });
  const query = new URLSearchParams({
    test: upload.test ?? SAMPLE_TEST,
    start: '$.timestamps.start',
    stop: '$.timestamps.stop',
    owner: SAMPLE_OWNER,
    access: upload.access ?? 'PUBLIC',
    schema: SAMPLE_SCHEMA_URI,
  });
  const data = JSON.stringify(
    upload.fillerBytes ? { ...result, filler: 'x'.repeat(upload.fillerBytes) } : result,
  );
  const answer = await fetch(`${upload.horreumUrl}/api/run/data?${query.toString()}`, {
    method: 'POST',
    headers: {
      'X-Horreum-API-Key': upload.apiKey,
      ...(upload.build ? {} : { 'content-type': 'application/json' }),
    },
    body: upload.build ? withBuildInfo(data, upload.build, startMs) : data,
  });
  const body = await answer.text();
  if (answer.status !== 202)
    throw new Error(`Horreum answered ${answer.status} to the upload: ${body.slice(0, 200)}`);
  return Number(body);
}

function withBuildInfo(data: string, build: NonNullable<SampleUpload['build']>, startTime: number): FormData {
  const metadata = {
    $schema: 'urn:horreum:jenkins-plugin:0.1',
    buildUrl: build.url,
    buildNumber: build.number,
    jobFullName: build.jobFullName,
    startTime,
  };
  const form = new FormData();
  form.append('data', new Blob([data], { type: 'application/json' }), 'data.json');
  form.append(
    'metadata',
    new Blob([JSON.stringify(metadata)], { type: 'application/json' }),
    'metadata.json',
  );
  return form;
}
