/** What a scenario is, the scene itself, and what several scenarios have in common. */
import type { Fault, FaultAnswer } from './fault.ts';
import type { ProxiedCall } from './fault-proxy.ts';
import type { Expected } from './judge.ts';
import { nameOf } from './places.ts';
import { cancelOn, rerunOnFirst, runOnBoth } from './acts.ts';
import type { Act } from './play-scene.ts';
import type { World, WorldOptions } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly acts: readonly Act[];
  readonly expected: Expected;
  readonly options?: () => Omit<WorldOptions, 'faultFor'>;
  /** Breaks calls all the same, so that the bot gets to where it looks for what it did. */
  readonly prelude?: (world: () => World) => (call: ProxiedCall) => Fault | undefined;
}

/** Each name is struck once, by a call that takes effect and whose answer is lost. */
export function losesAnswersOf(names: readonly string[]): () => (call: ProxiedCall) => Fault | undefined {
  return () => {
    const left = new Set(names);
    return ({ place }) => (left.delete(nameOf(place)) ? { kind: 'reset', when: 'after' } : undefined);
  };
}

export const REFUSED: FaultAnswer = { name: '503', status: 503 };
/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export const ASKS_TO_WAIT: FaultAnswer = { name: '429', status: 429, headers: { 'retry-after': '60' } };
/** An answer that no SDK repeats. */
export const UNUSABLE: FaultAnswer = {
  name: 'ValidationException',
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: '{"__type":"com.amazon.coral.validate#ValidationException","message":"made by the fault proxy"}',
};

export const always =
  (fits: (call: ProxiedCall) => boolean, as: FaultAnswer) =>
  (call: ProxiedCall): Fault | undefined =>
    fits(call) ? { kind: 'answer', when: 'before', as } : undefined;

/** The first call of this name is answered so, and never takes effect. */
export function once(name: string, as: FaultAnswer): (call: ProxiedCall) => Fault | undefined {
  const left = new Set([name]);
  return ({ place }) => (left.delete(nameOf(place)) ? { kind: 'answer', when: 'before', as } : undefined);
}

/** What every command needs and nothing else does. */
export const isCommandsRead = ({ place, caller }: ProxiedCall): boolean =>
  caller?.name === 'command-worker' && nameOf(place) === 'dynamodb GetItem REPOSITORY';

export function endlessJob(): Omit<WorldOptions, 'faultFor'> {
  return {
    ignoresStop: true,
    job: async (job) => {
      job.stage('measure');
      await job.wait(3_600_000);
      return 'succeeded';
    },
  };
}

/** Who cancels too late gets a result. */
const STOPPED_OR_DONE = ['cancelled', 'reported'] as const;

export const SCENE: Scenario = {
  name: 'run, cancel, rerun on two pull requests',
  acts: [runOnBoth, cancelOn(1), rerunOnFirst],
  expected: { runs: [2, 1], ends: [['reported'], STOPPED_OR_DONE] },
};

/** Its log is longer than what is kept of it. */
export const failingJob = (): Omit<WorldOptions, 'faultFor'> => ({
  job: async (job) => {
    await job.wait(2_000);
    job.log('one line of many\n'.repeat(5_000));
    job.log('FAILED: one assertion of 7');
    return 'failed';
  },
});
