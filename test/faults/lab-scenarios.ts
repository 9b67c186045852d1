/** The scene on the labs other than Jenkins, and what leads to the calls that it does not need. */
import type { Platform } from '../../lib/perflab/job-executor.ts';
import { cancelOn, runOnFirst } from './acts.ts';
import { nameOf } from './places.ts';
import { always, endlessJob, failingJob, losesAnswersOf, REFUSED, SCENE, type Scenario } from './scenario.ts';
import type { WorldOptions } from './world.ts';

type Lab = Exclude<Platform, 'jenkins'>;

/** What starts a job there. */
const STARTS: Readonly<Record<Lab, string>> = {
  'argo-workflows': 'argo-workflows POST /api/v1/workflows/*',
  'argo-cd': 'argo-cd perf-bot-run',
  'github-actions': 'github POST /repos/*/*/actions/workflows/*/dispatches',
  webhook: 'webhook run.requested',
};

export const LAB_SCENARIOS: readonly Scenario[] = (Object.keys(STARTS) as Lab[]).flatMap(scenariosOn);

function scenariosOn(platform: Lab): Scenario[] {
  const here = (options: () => Omit<WorldOptions, 'faultFor'> = () => ({})) => ({
    options: () => ({ ...options(), platform }),
  });
  return [
    { ...SCENE, ...here(), name: `${platform}: ${SCENE.name}` },
    {
      name: `${platform}: the answer to the start is lost`,
      acts: [runOnFirst],
      expected: { runs: [1, 0], ends: [['reported'], []] },
      prelude: losesAnswersOf([STARTS[platform]]),
      ...here(),
    },
    {
      name: `${platform}: a job fails`,
      acts: [runOnFirst],
      expected: { runs: [1, 0], ends: [['failed'], []] },
      ...here(failingJob),
    },
    {
      name: `${platform}: a job does not heed a stop`,
      acts: [runOnFirst, cancelOn(0)],
      expected: { runs: [1, 0], ends: [['cancelled'], []] },
      ...here(endlessJob),
    },
    {
      name: `${platform}: a gentle stop is refused`,
      acts: [runOnFirst, cancelOn(0)],
      expected: { runs: [1, 0], ends: [['cancelled'], []] },
      prelude: () => always(({ place }) => /\/(?:stop|cancel)$/.test(nameOf(place)), REFUSED),
      ...here(endlessJob),
    },
  ];
}
