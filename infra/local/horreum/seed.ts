/** Fills a fresh stand-in with the sample project and past runs of the main branch to compare with. */
import { importSchema, importTest, importView } from './store/import-test.ts';
import type { Horreum } from './api/router.ts';
import {
  sampleSchema,
  sampleTest,
  sampleViews,
  SAMPLE_OWNER,
  SAMPLE_SCHEMA_URI,
} from './sample/sample-project.ts';
import { createSampleResult } from './sample/sample-result.ts';
import type { Store } from './store/store.ts';

export interface SeededProject {
  readonly testId: number;
  readonly viewIds: readonly number[];
}

export interface SeededBaseline {
  readonly testId: number;
  /** How many runs of `main`, one every six hours, the newest six hours ago. */
  readonly runs: number;
  readonly repoFullName: string;
  readonly jobId: string;
  readonly seed?: string;
}

const SIX_HOURS_MS = 6 * 60 * 60 * 1000;

export function seedSampleProject(store: Store): SeededProject {
  importSchema(store, sampleSchema());
  const { id: testId } = importTest(store, sampleTest());
  return { testId, viewIds: sampleViews(testId).map((view) => importView(store, view).id) };
}

/** The ids of the runs, oldest first. */
export function seedBaseline({ store, pipeline, nowMs }: Horreum, options: SeededBaseline): number[] {
  const newestMs = nowMs() - SIX_HOURS_MS;
  return Array.from({ length: options.runs }, (_, index) => {
    const result = createSampleResult({
      repoFullName: options.repoFullName,
      pullRequestNumber: '',
      jobId: options.jobId,
      appCommit: 'main',
      startMs: newestMs - (options.runs - 1 - index) * SIX_HOURS_MS,
      seed: `${options.seed ?? 'baseline'}-${index}`,
    });
    const id = store.nextId('run');
    pipeline.receiveSilently({
      id,
      testId: options.testId,
      access: 'PUBLIC',
      owner: SAMPLE_OWNER,
      startMs: result.timestamps.start,
      stopMs: result.timestamps.stop,
      description: null,
      data: { $schema: SAMPLE_SCHEMA_URI, ...result },
      metadata: null,
      trashed: false,
    });
    return id;
  });
}
