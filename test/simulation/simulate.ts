/** All trials of a simulation: every family with every number of runs and samples, threshold and size of report. */
import type { Family } from './families.ts';
import { randomFrom } from './random.ts';
import { trial } from './trial.ts';
import type { Judge, Outcome } from './trial.ts';

export interface Plan {
  readonly families: readonly Family[];
  readonly runs: readonly number[];
  readonly samples: readonly number[];
  readonly thresholdsPercent: readonly number[];
  readonly metrics: readonly number[];
  /** Trials for each combination of the above. */
  readonly replications: number;
  readonly seed: number;
}

export function simulate(judge: Judge, plan: Plan): Outcome[] {
  const settings = plan.runs.flatMap((runs) =>
    plan.samples.flatMap((samples) =>
      plan.thresholdsPercent.flatMap((thresholdPercent) =>
        plan.metrics.map((metrics) => ({ runs, samples, thresholdPercent, metrics })),
      ),
    ),
  );
  return plan.families.flatMap((family, at) => {
    // A stream for each family: what one of them draws leaves the others as they are.
    const random = randomFrom(plan.seed * 1_000_003 + at * 7919);
    return settings.flatMap((setting) =>
      Array.from({ length: plan.replications }, () => trial(judge, family, random, setting)),
    );
  });
}
