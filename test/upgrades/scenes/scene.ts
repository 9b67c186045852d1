/** What a scene is, and what several scenes have in common. */
import { isBuilding, isOver, run } from '../../faults/acts.ts';
import type { Expected } from '../../faults/judge.ts';
import type { Act } from '../../faults/play-scene.ts';
import type { Scenario } from '../../faults/scenario.ts';
import type { World } from '../../faults/world.ts';
import type { Seen } from '../snapshot.ts';

export interface Scene extends Omit<Scenario, 'expected'> {
  /** Where the snapshot is taken: what is stored and queued then is the fixture. */
  readonly moment: (seen: Seen) => boolean;
  /** What people do after that. */
  readonly then?: readonly Act[];
  /** What must have become of it in the end. */
  readonly expected: Expected;
  /** Some letters stay dead. */
  readonly messagesDie?: true;
  /** What the judge of the fault matrix finds wrong, and is right in this scene. */
  readonly tolerates?: RegExp;
}

export const oneWith = (runs: number, ...ends: Expected['ends'][0]): Expected => ({
  runs: [runs, 0],
  ends: [ends, []],
});
export const reported = oneWith(1, 'reported');
export const cancelled = oneWith(1, 'cancelled');

export const say = (login: string, command: string, when: Act['when'] = () => true): Act => ({
  when,
  act: ({ github, pulls }) => void github.addComment(pulls[0], login, `/perf-bot ${command}`),
});
/** After the first, so that the same run is the first in every play. */
export const runOnSecond: Act = {
  when: ({ lab }) => lab.runs().length > 0,
  act: (world) => run(world, 1, 'mia'),
};
export const onceOver = (act: Act['act']): Act => ({ when: (world) => isOver(world, 0), act });
export const whileBuilding = (act: Act['act']): Act => ({ when: (world) => isBuilding(world, 0), act });

export const slowerBeyondDoubt = () => ({ slowdown: 2 });
export const acknowledges: Act['act'] = ({ github, pulls }) => {
  github.setPermission(pulls[0].repository, 'mia', 'maintain');
  github.addComment(pulls[0], 'mia', '/perf-bot ack mean_response_time "known"');
};

export const neverUploads = () => ({
  job: async (job: { wait(ms: number): Promise<void> }) => {
    await job.wait(2_000);
    return 'succeeded' as const;
  },
  projectJob: { resultsTimeoutMinutes: 1 },
});

export const saidOn =
  (index: 0 | 1, ...words: string[]) =>
  ({ pulls }: World): Promise<string[]> => {
    const text = pulls[index].comments
      .filter(({ author }) => author.type === 'Bot')
      .map(({ body }) => body)
      .join('\n');
    return Promise.resolve(words.filter((one) => !text.includes(one)).map((one) => `nobody says ${one}`));
  };

/** Commands without an answer would pass unseen. */
export const answers =
  (count: number) =>
  ({ pulls: [{ comments }] }: World): Promise<string[]> => {
    const replies = comments.filter(({ body }) => body.includes('perf-bot:reply')).length;
    return Promise.resolve(replies >= count ? [] : [`only ${replies} of ${count} commands were answered`]);
  };
