/** The scenes whose stored state is kept for each release: each is stopped at one moment, and goes on from there with a later version. */
import { DELIVERIES } from './scenes/deliveries.ts';
import { ENDED_RUNS } from './scenes/ended-runs.ts';
import { EVERYTHING } from './scenes/everything.ts';
import { FORKS } from './scenes/forks.ts';
import { HINTS } from './scenes/hints.ts';
import { OPEN_RUNS } from './scenes/open-runs.ts';
import { OPERATIONS } from './scenes/operations.ts';
import type { Scene } from './scenes/scene.ts';
import { WISHES } from './scenes/wishes.ts';

export const SCENES: readonly Scene[] = [
  ...OPEN_RUNS,
  ...ENDED_RUNS,
  ...WISHES,
  ...FORKS,
  ...DELIVERIES,
  ...HINTS,
  ...EVERYTHING,
  ...OPERATIONS,
];
