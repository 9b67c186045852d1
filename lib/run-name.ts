/** Names a run outside of the bot: its key, and behind it the number of an attempt that repeats it. */

const RUN_KEY = 'pb-[a-z2-7]{26}';
const NAME = new RegExp(`^(${RUN_KEY})(?:-\\d+)?$`);
const WITHIN_TEXT = new RegExp(`\\b${RUN_KEY}`);

/** The first attempt bears the run's own name, a repeated one its number as well. */
export function attemptKeyOf(runKey: string, attempt: number): string {
  return attempt <= 1 ? runKey : `${runKey}-${attempt}`;
}

/** The key of the run that this is an attempt of; undefined for any other text. */
export function runKeyOfAttempt(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/** The first run that a text names. */
export function runKeyIn(text: string): string | undefined {
  return WITHIN_TEXT.exec(text)?.[0];
}
