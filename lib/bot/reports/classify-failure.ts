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

/** Colours and cursor movements of a terminal. */
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g;

/** The failure with its log redacted and, where log or reason show it, the lab named as the culprit, with the line that shows it. */
export function classifyFailure(failure: Failure): Failure {
  const clean = {
    ...failure,
    reason: cleanText(failure.reason),
    ...(failure.logTail === undefined ? {} : { logTail: cleanText(failure.logTail) }),
  };
  if (failure.looksLike !== 'code') return clean;
  const lines = [...(clean.logTail?.split('\n').slice(-20) ?? []), clean.reason];
  const evidence = lines.findLast((line) => LAB_FAULTS.some((sign) => sign.test(line)));
  return evidence === undefined
    ? clean
    : { ...clean, looksLike: 'lab', evidence: evidence.trim().slice(0, 200) };
}

function cleanText(text: string): string {
  return redact(text.replace(ANSI, ''));
}
