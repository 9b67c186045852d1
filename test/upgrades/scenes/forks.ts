/** A fork's pull request before and after a trusted person let a commit of it in. */
import type { Expected } from '../../faults/judge.ts';
import { JOB } from '../../faults/outside.ts';
import type { Act } from '../../faults/play-scene.ts';
import type { World } from '../../faults/world.ts';
import { isIn, subjectOf } from './moments.ts';
import type { Scene } from './scene.ts';

/** A fork's pull request beside the two that every world has. */
const forkAsks: Act = {
  when: () => true,
  act: ({ github, pulls: [{ repository }] }) => {
    github.addUser({ login: 'newcomer' });
    const fork = github.openPullRequest(repository, {
      author: 'newcomer',
      headRef: 'from-outside',
      title: 'From outside',
      fromFork: true,
    });
    github.addComment(fork, 'newcomer', `/perf-bot run ${JOB}`);
  },
};
const forkOf = ({ github, pulls }: World) => github.pull(3, pulls[0].repository);
const approveFork: Act = {
  when: (world) => forkOf(world).comments.some(({ author }) => author.type === 'Bot'),
  act: (world) =>
    void world.github.addComment(forkOf(world), 'mia', `/perf-bot approve ${forkOf(world).headSha}`),
};
/** The judge knows the two pull requests that every world has. */
const IS_THE_FORKS = /which is no run's/;
const forkIsReported = (times: number): Expected => ({
  runs: [0, 0],
  ends: [[], []],
  also: async (world) => {
    const states = (await world.runsOf(forkOf(world))).map(({ state }) => state);
    const isRight = states.length === times && states.every((state) => state === 'reported');
    return isRight ? [] : [`the fork’s runs: ${states.join()}`];
  },
});

export const FORKS: readonly Scene[] = [
  {
    name: 'a fork waits for an approval',
    acts: [forkAsks],
    moment: (seen) => subjectOf(seen, 'askedFor'),
    then: [approveFork],
    expected: forkIsReported(1),
    tolerates: IS_THE_FORKS,
  },
  {
    name: 'a fork was approved',
    acts: [forkAsks, approveFork],
    moment: (seen) => subjectOf(seen, 'approvedShas') && isIn('running')(seen),
    // Another branch of the fork is pushed to after the command: that doesn't matter for a commit that was let in.
    then: [
      {
        when: (world) => forkOf(world).comments.some(({ body }) => body.includes('perf-bot:mention')),
        act: (world) => {
          world.github.addComment(forkOf(world), 'mia', `/perf-bot run ${JOB}`);
          Object.assign(forkOf(world).headRepository ?? {}, { pushedAtMs: world.clock.nowMs() + 60_000 });
        },
      },
    ],
    expected: forkIsReported(2),
    tolerates: IS_THE_FORKS,
  },
];
