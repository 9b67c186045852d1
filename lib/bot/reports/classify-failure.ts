/** What a failure looks like, from how it ended and the last lines of its log: the code, or the lab around it. */
import type { Failure } from '../runs/job-run.ts';
import { redact } from './redact.ts';

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

/** The failure with its log redacted and, where the log shows it, the lab named as the culprit. */
export function classifyFailure(failure: Failure): Failure {
  const logTail = failure.logTail === undefined ? undefined : redact(failure.logTail);
  const clean = { ...failure, reason: redact(failure.reason), ...(logTail === undefined ? {} : { logTail }) };
  if (failure.looksLike !== 'code' || logTail === undefined) return clean;
  const lastLines = logTail.split('\n').slice(-20);
  return lastLines.some((line) => LAB_FAULTS.some((sign) => sign.test(line)))
    ? { ...clean, looksLike: 'lab' }
    : clean;
}
