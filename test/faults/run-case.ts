/** Plays one scenario with one thing broken, and judges what came of it. */
import type { Fault } from './fault.ts';
import type { ProxiedCall } from './fault-proxy.ts';
import { judge } from './judge.ts';
import { nameOf, type Place } from './places.ts';
import { playScene } from './play-scene.ts';
import type { Scenario } from './scenario.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

export interface Strike {
  readonly place: Place;
  readonly fault: Fault;
  /** Which of the calls of this place is struck; 1 is the first. */
  readonly occurrence: number;
}

export interface Outcome {
  /** Strikes that found their call. */
  readonly struck: number;
  readonly problems: readonly string[];
  readonly seen: readonly ProxiedCall[];
  readonly logLines: readonly string[];
}

/** Real time; only calls that are never answered wait so long. */
const IMPATIENT_SECONDS = 0.5;

export async function runCase(
  scenario: Scenario,
  strikes: readonly Strike[] = [],
  more: Omit<WorldOptions, 'faultFor'> = {},
): Promise<Outcome> {
  const counts = new Map<string, number>();
  const prelude = scenario.prelude?.(() => world);
  let struck = 0;
  const faultFor = (call: ProxiedCall): Fault | undefined => {
    const name = nameOf(call.place);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const strike = strikes.find(({ place, occurrence }) => nameOf(place) === name && occurrence === count);
    if (strike) struck += 1;
    return strike?.fault ?? prelude?.(call);
  };
  const waitsInVain = strikes.some(({ fault }) => fault.kind === 'time-out');
  const world: World = await startWorld({
    ...scenario.options?.(),
    ...(waitsInVain ? { outsideTimeoutSeconds: IMPATIENT_SECONDS } : {}),
    ...more,
    faultFor,
  });
  try {
    const cameToRest = await playScene(world, scenario.acts);
    const problems = await judge(world, cameToRest, scenario.expected);
    return { struck, problems, seen: world.seen, logLines: world.logLines };
  } finally {
    await world.close();
  }
}
