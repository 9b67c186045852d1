/** Waits for something to come true, however slow the machine is. */

/** The first value that is neither undefined nor false. Gives up after two minutes. */
export async function eventually<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const giveUpMs = Date.now() + 120_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > giveUpMs) throw new Error(`never came true: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
