/** Plays what people do and everything that follows from it, in virtual time, until nothing is left to do. */
import type { FunctionName } from './containers.ts';
import { sqsEventOf, type QueueName } from './aws-stand-in.ts';
import type { World } from './world.ts';

const SWEEP_EVERY_MS = 60_000;
/** Nothing was left to do for so long: longer than what looks for lost deliveries and commands takes. */
const QUIET_FOR_MS = 9 * 60_000;
/** A scene that goes on for so long never ends. */
const GIVE_UP_AFTER_MS = 8 * 60 * 60_000;
const MOST_IN_A_BATCH = 10;

const WORKERS: readonly (readonly [QueueName, Extract<FunctionName, `${string}-worker` | 'dead-letters'>])[] =
  [
    ['commands', 'command-worker'],
    ['runs', 'run-worker'],
    ['dead-commands', 'dead-letters'],
    ['dead-runs', 'dead-letters'],
  ];

/** What somebody does once, as soon as they see what they wait for. */
export interface Act {
  readonly when: (world: World) => boolean;
  /** Whoever waits for an answer, as an operator does, keeps the scene waiting. */
  readonly act: (world: World) => void | Promise<void>;
}

export interface Pace {
  /** Batches of each queue that are worked on side by side. */
  readonly batches: number;
  /** Virtual time that working on them takes. */
  readonly workMs: number;
}

const BRISK: Pace = { batches: 1, workMs: 0 };

/** Plays the acts until nothing has happened for a while, or `isEnough`. False: it never came to rest. */
export async function playScene(
  world: World,
  acts: readonly Act[],
  pace: Pace = BRISK,
  isEnough: (actsLeft: number) => boolean | Promise<boolean> = () => false,
): Promise<boolean> {
  const { clock, aws, containers } = world;
  const startedAtMs = clock.nowMs();
  let waiting = [...acts];
  let lastEventAtMs = startedAtMs;
  let nextSweepAtMs = startedAtMs + SWEEP_EVERY_MS;
  for (;;) {
    await world.settle();
    if (await isEnough(waiting.length)) return true;
    const [next] = waiting;
    if (next?.when(world)) {
      await next.act(world);
      waiting = waiting.slice(1);
      lastEventAtMs = clock.nowMs();
      continue;
    }
    if (await workOff(world, pace)) {
      clock.skip(pace.workMs);
      lastEventAtMs = clock.nowMs();
      continue;
    }
    if (clock.nowMs() - lastEventAtMs >= QUIET_FOR_MS && clock.nextDueMs() === undefined) {
      const messages = Object.values(aws.messages).flat();
      if (messages.length === 0) return true;
    }
    if (clock.nowMs() - startedAtMs > GIVE_UP_AFTER_MS) return false;
    const times = [clock.nextDueMs(), aws.nextVisibleMs(), nextSweepAtMs].filter((at) => at !== undefined);
    clock.moveTo(Math.min(...times));
    if (clock.nowMs() < nextSweepAtMs) continue;
    nextSweepAtMs = clock.nowMs() + SWEEP_EVERY_MS;
    // EventBridge tries a failed call again; here the next minute does.
    const swept = await containers.invoke('sweeper', {}).catch(() => 'killed' as const);
    if (swept === 'killed') lastEventAtMs = clock.nowMs();
  }
}

/** Hands all visible messages to their functions at once. False: there were none. */
async function workOff({ aws, containers }: World, { batches: most }: Pace): Promise<boolean> {
  const batches = WORKERS.flatMap(([queue, name]) =>
    Array.from({ length: most }, () => ({ queue, name, messages: aws.take(queue, MOST_IN_A_BATCH) })),
  );
  const full = batches.filter(({ messages }) => messages.length > 0);
  await Promise.all(
    full.map(async ({ queue, name, messages }) => {
      const answer = await containers.invoke(name, sqsEventOf(queue, messages));
      if (answer === 'killed') return;
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { id } of messages) if (!failed.has(id)) aws.done(queue, id);
    }),
  );
  return full.length > 0;
}
