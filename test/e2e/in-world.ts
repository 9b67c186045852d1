/** A local world for one test, closed whatever comes of it. */
import {
  startLocalWorld,
  type LocalWorld,
  type LocalWorldOptions,
} from '../../infra/local/scene/local-world.ts';
import { watchPull, type PullWatch } from './watch-pull.ts';

/** Fast builds, and a pull request that is slower beyond all doubt. */
export async function inWorld(
  options: LocalWorldOptions,
  play: (world: LocalWorld, pull: PullWatch) => Promise<void>,
): Promise<void> {
  const log: string[] = [];
  const world = await startLocalWorld({
    speed: 100,
    slowdown: 1.3,
    sink: (line) => void log.push(line),
    ...options,
  });
  try {
    await play(world, watchPull(world.github, world.pullRequest));
  } catch (error) {
    if (process.env['E2E_LOG']) console.error(log.join('\n'));
    throw error;
  } finally {
    await world.close();
  }
}
