/** Strikes what looks like a secret out of a log before people see it. */

const SECRETS: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9._]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bHUSR_[A-Z0-9_]{10,}/gi,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bxox[abprs]-[\w-]{10,}/g,
];

const NAMED =
  /((?:(?:api|access|private)[-_]?key|token|secret|passw(?:or)?d|authorization|credential)[\w-]{0,40}["']?\s*[:=]\s*(?:basic |bearer |token )?)("[^"\n]{4,}"|'[^'\n]{4,}'|[^\s"',;&]{4,})/gi;
/** Bounded, so that a log that is one long word costs no more than any other. */
const IN_URL = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/:@]{1,300}:[^\s/@]{1,300}@/gi;

export function redact(text: string): string {
  const named = text.replace(NAMED, '$1***').replace(IN_URL, '$1***@');
  return SECRETS.reduce((clean, pattern) => clean.replace(pattern, '***'), named);
}
