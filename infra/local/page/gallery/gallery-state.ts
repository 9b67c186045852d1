/** What the gallery shows of one moment in a pull request's life. */
import type { JobRun } from '../../../../lib/bot/record/job-run.ts';

export interface GalleryState {
  readonly id: string;
  readonly title: string;
  /** Newest first, as the store gives them. */
  readonly runs: readonly JobRun[];
  /** How far the head has moved on since. */
  readonly behind?: number;
}

export function one(id: string, title: string, run: JobRun): GalleryState {
  return { id, title, runs: [run] };
}

/** How the pull request differs in the states that need something worse. */
export const SLOWER = { throughput: 0.926, max_rss: 0.966, latency_p99: 1.034 };

export const BUILD_LOG = `14:01:07 > Task :compileJava
14:01:12 src/main/java/shop/Checkout.java:84: error: cannot find symbol
14:01:12   price = cache.lookup(item);
14:01:12                ^
14:01:12 1 error
14:01:13 BUILD FAILED in 41s
14:01:13 script returned exit code 1`;
