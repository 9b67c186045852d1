/** The fault matrix: every place, everything that can happen to it, in a scenario that gets there. */
import { faultsOf } from './fault.ts';
import { nameOf, PLACES, type Place } from './places.ts';
import { runCase, type Strike } from './run-case.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

export interface Case {
  readonly scenario: Scenario;
  readonly strike: Strike;
}

/** How often each scenario calls each place when nothing more is broken. */
export type Reached = ReadonlyMap<Scenario, ReadonlyMap<string, number>>;

/** Which of the calls of a place are struck, given how many there are and how many cases came before. */
export type Occurrences = (calls: number, number: number, place: Place) => readonly number[];

export interface Survey {
  readonly reached: Reached;
  /** Faultless scenarios that did not end well. */
  readonly problems: readonly string[];
}

export async function survey(): Promise<Survey> {
  const reached = new Map<Scenario, Map<string, number>>();
  const problems: string[] = [];
  for (const scenario of SCENARIOS) {
    const outcome = await runCase(scenario);
    problems.push(...outcome.problems.map((problem) => `${scenario.name}: ${problem}`));
    const counts = new Map<string, number>();
    for (const place of outcome.seen) counts.set(nameOf(place), (counts.get(nameOf(place)) ?? 0) + 1);
    reached.set(scenario, counts);
  }
  return { reached, problems };
}

/** Places that no scenario reaches: the matrix can't break them. */
export function unreached(reached: Reached): Place[] {
  return PLACES.filter((place) => !scenarioFor(reached, place));
}

export function casesOf(reached: Reached, occurrences: Occurrences): Case[] {
  let number = 0;
  return PLACES.flatMap((place) => {
    const found = scenarioFor(reached, place);
    if (!found) return [];
    return faultsOf(place).flatMap((fault) =>
      occurrences(found.calls, (number += 1), place).map((occurrence) => ({
        scenario: found.scenario,
        strike: { place, fault, occurrence },
      })),
    );
  });
}

function scenarioFor(reached: Reached, place: Place): { scenario: Scenario; calls: number } | undefined {
  for (const [scenario, counts] of reached) {
    const calls = counts.get(nameOf(place)) ?? 0;
    if (calls > 0) return { scenario, calls };
  }
  return undefined;
}
