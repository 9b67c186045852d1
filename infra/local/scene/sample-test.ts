/** The sample test at Horreum that the scene's results go to, with the past runs that reports compare with. */
import type { SeededBaseline } from '../horreum/seed.ts';
import type { HorreumStandIn } from '../horreum/start-horreum-stand-in.ts';
import { JOB } from './scene-project.ts';

export interface HorreumTest {
  readonly testId: number;
  readonly viewId: number;
}

export function seedSampleTest(
  horreum: HorreumStandIn,
  baseline: Pick<SeededBaseline, 'runs' | 'repoFullName'>,
): HorreumTest {
  const { testId } = horreum.seedSampleProject();
  if (baseline.runs > 0) horreum.seedBaseline({ testId, ...baseline, jobId: JOB });
  return { testId, viewId: 2 };
}
