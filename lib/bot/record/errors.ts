/** The errors that a person can put right. The other two families are UpstreamError (an outside system's) and anything else (ours). */

/** Something that the person who wrote the command can put right. `message` is Markdown fit to be shown: what is wrong and the next step. */
export class UserError extends Error {
  override readonly name = 'UserError' as const;
}

/** Somebody asked for something that the bot does not know. */
export class NotThere extends UserError {}

/** What somebody wanted to store was made from a state that is out of date. */
export class ChangedMeanwhile extends UserError {}

/** Says at compile time that every case was handled. */
export function unreachable(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
