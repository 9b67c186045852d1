/** Random numbers from a seed, so that every figure of the simulation can be made again. */

export interface Random {
  /** From 0 (in) to 1 (out). */
  readonly uniform: () => number;
  readonly between: (low: number, high: number) => number;
  /** Even on the logarithmic scale: as many between 0.1 and 1 as between 1 and 10. */
  readonly logBetween: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly sign: () => 1 | -1;
  readonly integer: (low: number, highInclusive: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly normal: () => number;
}

/** Mulberry32: 32 bits of state, good enough to draw series with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number): number => low + (high - low) * uniform();
  const integer = (low: number, high: number): number => low + Math.floor((high - low + 1) * uniform());
  return {
    uniform,
    between,
    integer,
    logBetween: (low, high) => Math.exp(between(Math.log(low), Math.log(high))),
    chance: (probability) => uniform() < probability,
    sign: () => (uniform() < 0.5 ? 1 : -1),
    pick: (items) => items[integer(0, items.length - 1)]!,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
