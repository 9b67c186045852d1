/** The line of a failed job's log that says what happened: the first that names an error, but for those that only say that there was one. */

const NAMES_AN_ERROR =
  /(?<![a-z])(error|[a-z]+(error|exception)|fatal|panic|panicked|fail|failed|failure|assertion|cannot|could not|not found|undefined|unexpected)(?![a-z_=])/i;

/** Compilers, runners and labs close with words that are true of every failure. */
const SAYS_NOTHING: readonly RegExp[] = [
  /\b(0|no) (errors?|fail(ed|ures?)?)\b/i,
  /exit(ed with)? (code|status)/i,
  /^\W*(finished: )?(build )?fail(ed|ure)?\W*$/i,
  /^\W*(failure: )?build failed/i,
  /compilation (error|failure)\W*$/i,
  /^\W*(\[\w+\]\W*)?(build failure|failed to execute goal|could not compile|task \S+ failed)/i,
  /\*\*\* .*error \d+$/i,
];

export function tellingLine(log: string): string | undefined {
  return log
    .split('\n')
    .map((line) => line.trim().slice(0, 400))
    .find((line) => NAMES_AN_ERROR.test(line) && !SAYS_NOTHING.some((empty) => empty.test(line)));
}
