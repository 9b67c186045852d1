/** Waits for something to become true, however slow the machine; says what never did. */

const LOOK_EVERY_MS = 10;

type Wanted<Value> = Exclude<Value, undefined | null | false>;

export async function until<Value>(
  what: string,
  probe: () => Value | Promise<Value>,
  withinMs = 120_000,
): Promise<Wanted<Value>> {
  const giveUpAtMs = Date.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) return value as Wanted<Value>;
    if (Date.now() > giveUpAtMs) throw new Error(`it never came true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
