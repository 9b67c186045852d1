/** How many calls of each kind went through the relays, and what they consumed of DynamoDB. */
import { unitsOfCall, type Units } from './consumed-units.ts';
import { SYSTEMS, type MeteredWorld, type System } from './metered-world.ts';
import { nameCall } from './name-call.ts';

export type Tally = Readonly<Record<string, number>>;

export function tallyCalls({ relays }: MeteredWorld, system: System): Tally {
  const tally: Record<string, number> = {};
  for (const call of relays[system].calls) {
    const name = nameCall(call);
    if (name !== undefined) tally[name] = (tally[name] ?? 0) + 1;
  }
  return tally;
}

function totalOf(tally: Tally): number {
  return Object.values(tally).reduce((sum, count) => sum + count, 0);
}

export function totals(metered: MeteredWorld): Record<System, number> {
  return Object.fromEntries(
    SYSTEMS.map((system) => [system, totalOf(tallyCalls(metered, system))]),
  ) as Record<System, number>;
}

export function unitsOf({ relays }: MeteredWorld): Units {
  const units = relays.dynamodb.calls.map(unitsOfCall);
  return {
    read: units.reduce((sum, { read }) => sum + read, 0),
    write: units.reduce((sum, { write }) => sum + write, 0),
  };
}

export function forgetCalls({ relays }: MeteredWorld): void {
  for (const relay of Object.values(relays)) relay.calls.length = 0;
}
