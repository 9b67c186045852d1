/** What a table has under a key of its own: a text from outside may be `constructor` or `__proto__`. */
export function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
