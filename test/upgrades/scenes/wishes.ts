/** What somebody wants of a run, waiting in the queue until the run's lease is free. */
import { run, runOnFirst } from '../../faults/acts.ts';
import { nameOf } from '../../faults/places.ts';
import type { Act } from '../../faults/play-scene.ts';
import { endlessJob, type Scenario } from '../../faults/scenario.ts';
import { waits } from './moments.ts';
import {
  acknowledges,
  cancelled,
  neverUploads,
  oneWith,
  reported,
  saidOn,
  slowerBeyondDoubt,
  type Scene,
} from './scene.ts';

/** A worker dies while it holds the run's lease, so that the next wish for that run has to wait in a queue. */
const diesHolding =
  (place: string, nth = 1): NonNullable<Scenario['prelude']> =>
  () => {
    let calls = 0;
    return ({ place: called, caller }) =>
      nameOf(called) === place && (calls += 1) === nth && caller?.name === 'run-worker'
        ? { kind: 'killed', when: 'before' }
        : undefined;
  };
const onceKilled = (act: Act['act']): Act => ({
  when: ({ seen }) => seen.some(({ caller }) => caller?.killed),
  act,
});

export const WISHES: readonly Scene[] = [
  {
    name: 'a cancel waits for the lease',
    acts: [
      runOnFirst,
      onceKilled(({ github, pulls }) => void github.addComment(pulls[0], 'mia', '/perf-bot cancel')),
    ],
    options: endlessJob,
    prelude: diesHolding('jenkins GET /job/*/*/api/json'),
    moment: waits('runs', ({ change }) => change?.kind === 'cancel'),
    expected: cancelled,
  },
  {
    name: 'somebody who joins waits for the lease',
    acts: [runOnFirst, onceKilled((world) => run(world, 0, 'mia'))],
    prelude: diesHolding('jenkins GET /job/*/*/api/json'),
    moment: waits('runs', ({ change }) => change?.kind === 'join'),
    expected: { ...reported, also: saidOn(0, '@ana @mia') },
  },
  {
    name: 'an acknowledgement waits for the lease',
    acts: [runOnFirst, onceKilled(acknowledges)],
    options: slowerBeyondDoubt,
    prelude: diesHolding('github POST /repos/*/*/issues/*/comments', 2),
    moment: waits('runs', ({ change }) => change?.kind === 'acknowledge'),
    expected: { ...reported, also: saidOn(0, 'known') },
  },
  {
    name: 'a recheck waits for the lease',
    acts: [
      runOnFirst,
      onceKilled(({ github, pulls }) => void github.addComment(pulls[0], 'ana', '/perf-bot recheck')),
    ],
    options: neverUploads,
    prelude: diesHolding('github POST /repos/*/*/issues/*/comments', 2),
    moment: waits('runs', ({ change }) => change?.kind === 'recheck'),
    expected: oneWith(1, 'results-missing'),
    tolerates: /has 2 ends in its history/,
  },
  {
    name: 'a new drawing waits for the lease',
    acts: [runOnFirst, onceKilled(({ github, pulls }) => void github.pushTo(pulls[0]))],
    prelude: diesHolding('github POST /repos/*/*/issues/*/comments', 2),
    moment: waits('runs', ({ redraw }) => redraw === true),
    expected: { ...reported, also: saidOn(0, '1 commit behind') },
  },
];
