/** What people do in the scenes, and what they wait for before they do it. */
import { JOB } from './outside.ts';
import type { Act } from './play-scene.ts';
import type { World } from './world.ts';

/** The mention is the last thing that people get of a run. */
export const isOver = (world: World, index: 0 | 1) =>
  world.pulls[index].comments.some(({ body }) => body.includes('perf-bot:mention'));

export const isBuilding = (world: World, index: 0 | 1) =>
  world.lab
    .runs()
    .some(
      ({ ended, stage, parameters }) =>
        !ended &&
        stage !== undefined &&
        parameters['PULL_REQUEST_NUMBER'] === String(world.pulls[index].number),
    );

export const run = ({ github, pulls }: World, index: 0 | 1, login: string) =>
  void github.addComment(pulls[index], login, `/perf-bot run ${JOB}`);

export const runOnFirst: Act = { when: () => true, act: (world) => run(world, 0, 'ana') };

export const runOnBoth: Act = {
  when: () => true,
  act: (world) => {
    run(world, 0, 'ana');
    run(world, 1, 'mia');
  },
};

export const cancelOn = (index: 0 | 1): Act => ({
  when: (world) => isBuilding(world, index) || isOver(world, index),
  act: ({ github, pulls }) => void github.addComment(pulls[index], 'mia', '/perf-bot cancel'),
});

export const rerunOnFirst: Act = {
  when: (world) => isOver(world, 0),
  act: ({ github, pulls }) => void github.addComment(pulls[0], 'ana', '/perf-bot rerun'),
};
