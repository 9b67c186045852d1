/** Plays a scene up to its moment: to take what is stored then, or to put there what an earlier version had stored. */
import { playScene } from '../faults/play-scene.ts';
import { startWorld, type World } from '../faults/world.ts';
import type { Scene } from './scenes/scene.ts';
import { look, ownOf, restore, snapshotOf, type Snapshot } from './snapshot.ts';

/** All scenes begin then, so that the same happens at the same time. */
const START_MS = Date.UTC(2026, 10, 2, 9);
/** A version may be slower than the one before it by so much. */
const SLOWER_MS = 5 * 60_000;

export async function inScene<Result>(scene: Scene, use: (world: World) => Promise<Result>): Promise<Result> {
  const prelude = scene.prelude?.(() => world);
  const world: World = await startWorld({
    ...scene.options?.(),
    startMs: START_MS,
    faultFor: (call) => prelude?.(call),
  });
  try {
    return await use(world);
  } finally {
    await world.close();
  }
}

export async function takeSnapshot(world: World, scene: Scene): Promise<Snapshot> {
  let taken: Snapshot | undefined;
  await playScene(world, scene.acts, undefined, async (actsLeft) => {
    const seen = await look(world);
    if (scene.moment(seen)) taken = snapshotOf(world, seen, scene.acts.length - actsLeft);
    return taken !== undefined;
  });
  if (!taken) throw new Error(`the scene "${scene.name}" never comes to its moment`);
  return taken;
}

/** Plays until people and lab have done what they had done then; what is stored and drawn after that is the snapshot's. */
export async function playUpTo(world: World, scene: Scene, snapshot: Snapshot): Promise<void> {
  const { lab } = ownOf(world, snapshot);
  const runsOf = (runs: Snapshot['lab']) => runs.map(({ endedAtMs: _ended, ...run }) => run);
  const expected = JSON.stringify(runsOf(lab));
  const isThere = (actsLeft: number) =>
    scene.acts.length - actsLeft === snapshot.actsDone &&
    world.clock.nowMs() >= snapshot.takenAtMs &&
    JSON.stringify(runsOf(world.lab.runs())) === expected;
  let arrived = false;
  await playScene(world, scene.acts, undefined, (actsLeft) => {
    arrived = isThere(actsLeft);
    return arrived || world.clock.nowMs() > snapshot.takenAtMs + SLOWER_MS;
  });
  if (!arrived)
    throw new Error(
      `the lab never had ${expected}; after ${scene.name} it has ${JSON.stringify(runsOf(world.lab.runs()))}`,
    );
  await restore(world, snapshot);
}
