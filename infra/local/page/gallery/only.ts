/** An object with only these parts; whatever else is asked of it says so instead of being silently undefined. */
export function only<Whole extends object>(parts: Partial<Whole>): Whole {
  return new Proxy(parts, {
    get(target, name) {
      if (name in target) return target[name as keyof typeof target];
      if (typeof name === 'symbol' || name === 'then') return undefined;
      throw new Error(`the gallery has no ${name}`);
    },
  }) as Whole;
}
