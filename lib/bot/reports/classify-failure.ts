/** Reads a failed job's end: the code's fault or the lab's, and the line of the log that says what happened. */
import { withoutEscapes } from '../../perflab/log-text.ts';
import { redact } from '../../http/redact.ts';
import type { Failure } from '../record/job-run.ts';

/** Signs of a broken lab; anything else is taken for the code's own doing. */
const LAB_FAULTS: readonly RegExp[] = [
  /no space left on device/i,
  /connection (refused|reset|timed out)/i,
  /could not resolve host|temporary failure in name resolution|name or service not known/i,
  /trying to pull .*(refused|denied|timeout)/i,
  /ImagePullBackOff|ErrImagePull/,
  /Cannot contact .*: (java|hudson)|agent (went|is) offline|channel (is )?clos(ing|ed)|node .* is offline/i,
  /\b(502|503|504)\b.*(gateway|unavailable|timeout)/i,
  /\bOOMKilled\b|pod deleted/i,
  /(Pod|node) (was )?(evicted|preempted|lost)|NodeLost|FailedScheduling/i,
  /unable to (acquire|obtain) (lock|lease|license)/i,
];

/** So much of a line is looked at for a sign: some signs are of two parts, and a line may hold the first of them many times. */
const MOST_OF_LINE = 1_000;

/** The failure with its log redacted and, where log or reason show it, the lab named as the culprit, with the line that shows it. */
export function classifyFailure(failure: Failure): Failure {
  const clean = {
    ...failure,
    reason: cleanText(failure.reason),
    ...(failure.logTail === undefined ? {} : { logTail: cleanText(failure.logTail) }),
  };
  if (failure.looksLike !== 'code') return clean;
  const lines = [...(clean.logTail?.split('\n').slice(-20) ?? []), clean.reason];
  const evidence = lines
    .map((line) => line.slice(0, MOST_OF_LINE))
    .findLast((line) => LAB_FAULTS.some((sign) => sign.test(line)));
  return evidence === undefined
    ? clean
    : { ...clean, looksLike: 'lab', evidence: evidence.trim().slice(0, 200) };
}

function cleanText(text: string): string {
  return redact(withoutEscapes(text));
}

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

/** The first line that names an error, except those that only say that there was one. */
export function tellingLine(log: string): string | undefined {
  return log
    .split('\n')
    .map((line) => line.trim().slice(0, 400))
    .find((line) => NAMES_AN_ERROR.test(line) && !SAYS_NOTHING.some((empty) => empty.test(line)));
}
