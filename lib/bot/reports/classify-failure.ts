/** What a failure looks like, from how it ended and the last lines of its log: the code, or the lab around it. */
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
