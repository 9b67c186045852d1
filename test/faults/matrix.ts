/** The fault matrix: every place, everything that can happen to it, in a scenario that gets there. */
import { callSites, watchCalls, type CallSite } from './call-sites.ts';
import { faultsOf } from './fault.ts';
import { nameOf, NOT_IN_THE_MATRIX, PLACES, type Place } from './places.ts';
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

/** A call of the admin API's, and which of the calls of its place it was. */
export interface OperatorCall {
  readonly scenario: Scenario;
  readonly place: Place;
  readonly occurrence: number;
}

export interface Survey {
  readonly reached: Reached;
  readonly byOperator: readonly OperatorCall[];
  /** Faultless scenarios that did not end well. */
  readonly problems: readonly string[];
  /** Where the code calls out. */
  readonly sites: readonly string[];
  /** Those of them from which no scenario did, nor is there an excuse. */
  readonly unmade: readonly string[];
  /** Excuses for what was called after all, or is not there. */
  readonly needless: readonly string[];
}

export async function survey(): Promise<Survey> {
  const reached = new Map<Scenario, Map<string, number>>();
  const problems: string[] = [];
  const byOperator: OperatorCall[] = [];
  const watch = await watchCalls();
  for (const scenario of SCENARIOS) {
    const outcome = await runCase(scenario);
    problems.push(...outcome.problems.map((problem) => `${scenario.name}: ${problem}`));
    const counts = new Map<string, number>();
    for (const { place, caller } of outcome.seen) {
      const count = (counts.get(nameOf(place)) ?? 0) + 1;
      counts.set(nameOf(place), count);
      if (caller?.name === 'admin-api') byOperator.push({ scenario, place, occurrence: count });
    }
    reached.set(scenario, counts);
  }
  const all = callSites();
  const unmade = (await watch.unmade(all)).map(siteName);
  const excuses = NOT_IN_THE_MATRIX.map(({ where }) => where);
  return {
    reached,
    byOperator,
    problems,
    sites: all.map(siteName),
    unmade: unmade.filter((site) => !excuses.some((where) => site.startsWith(where))),
    needless: excuses.filter((where) => !unmade.some((site) => site.startsWith(where))),
  };
}

const siteName = ({ file, within, text }: CallSite): string => `${file} ${within}: ${text}`;

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

/** Each of an operator's calls once, with every fault in turn: where a message would come again, an operator's command ends half-way. */
export function operatorCases(calls: readonly OperatorCall[]): Case[] {
  return calls.flatMap(({ scenario, place, occurrence }, number): Case[] => {
    const faults = faultsOf(place);
    const fault = faults[number % faults.length];
    return fault ? [{ scenario, strike: { place, fault, occurrence } }] : [];
  });
}

function scenarioFor(reached: Reached, place: Place): { scenario: Scenario; calls: number } | undefined {
  for (const [scenario, counts] of reached) {
    const calls = counts.get(nameOf(place)) ?? 0;
    if (calls > 0) return { scenario, calls };
  }
  return undefined;
}
