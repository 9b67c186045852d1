/** Strikes secrets out of what others said, before people or a log see it: what looks like one, and what we sent ourselves. */

/** None may look far ahead in vain: a log can be full of beginnings. */
const SECRETS: readonly RegExp[] = [
  /\bgh[pousr]_[\w.-]{8,}/g,
  /\bgithub_pat_\w{8,}/g,
  /\bv1\.[0-9a-f]{32,}/g,
  /\bHUSR_[A-Z0-9_]{8,}/gi,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[\w-]{10,4000}\.[\w-]{10,}(\.[\w-]*)?/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bsha256=[0-9a-f]{16,}/g,
  /\bxox[abprs]-[\w-]{10,}/g,
];

const NAMED =
  /((?:(?:api|access|private)[-_]?key|token|secret|passw(?:or)?d|authorization|credential)[\w-]{0,40}["']?\s*[:=]\s*(?:basic |bearer |token )?)("[^"\n]{4,}"|'[^'\n]{4,}'|[^\s"',;&]{4,})/gi;
/** A word of letters and hyphens is none. */
const LOGIN = /\b((?:basic +)(?=[^\s\d=+/]*[\d=+/])|(?:bearer +)(?=[^\s\d.]*[\d.]))[\w+/.~=-]{20,}/gi;
/** Bounded, so that a log that is one long word costs no more than any other. */
const IN_URL = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/:@]{1,300}:[^\s/@]{1,300}@/gi;

/** The tokens of lib/http/url-token.ts, by where they stand or by the project that they begin with; the latter also where they are cut. */
const URL_TOKENS: readonly RegExp[] = [
  /((?:\/|%2F)(?:horreum|job)(?:\/|%2F)(?:[\w-]{1,100}\.){1,5})[\w-]{32}(?![\w-])/gi,
  /((?:\/|%2F)(?:horreum|job)(?:\/|%2F)p[a-z2-7]{15}\.(?:\d{1,20}\.)?)[\w-]{8,}/gi,
  /(\bp[a-z2-7]{15}\.(?:\d{1,20}\.)?)[\w-]{32}(?![\w-])/g,
];

/** What looks like a secret. */
export function redact(text: string): string {
  const named = text.replace(NAMED, '$1***').replace(LOGIN, '$1***').replace(IN_URL, '$1***@');
  return SECRETS.reduce((clean, pattern) => clean.replace(pattern, '***'), maskUrlTokens(named));
}

/** A text with the secret part of every such URL struck out; the rest tells which project and test it is. */
export function maskUrlTokens(text: string): string {
  return URL_TOKENS.reduce((clean, pattern) => clean.replace(pattern, '$1***'), text);
}

/** The same for an answer to a request that held `sent`: an echo is struck whatever it looks like, also encoded or cut short. */
export function redactEcho(text: string, sent: readonly (string | undefined)[]): string {
  const forms = sent.flatMap(formsOf).sort((one, other) => other.length - one.length);
  const whole = forms.reduce((clean, form) => clean.replaceAll(form, '***'), text);
  return forms.reduce(strikeBeginnings, redact(whole));
}

/** As a header, a URL, JSON and HTML would hold it; whoever repeats base64 may leave its padding out. */
function formsOf(secret: string | undefined): string[] {
  if (secret === undefined || secret === '') return [];
  const inUrl = encodeURIComponent(secret.toWellFormed());
  const base64 = Buffer.from(secret).toString('base64');
  const forms = [
    secret,
    inUrl,
    inUrl.replace(/%../g, (code) => code.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    secret.replace(/[&<>"']/g, (character) => HTML[character] ?? character),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
  ];
  return [...new Set(forms.flatMap((form) => [form, form.replace(/(=|%3D)+$/i, '')]))].filter(Boolean);
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Fewer characters than this are no secret any more, and might be an ordinary word. */
const BEGINNING_CHARS = 10;

function strikeBeginnings(text: string, form: string): string {
  if (form.length <= BEGINNING_CHARS) return text;
  const [before = '', ...rests] = text.split(form.slice(0, BEGINNING_CHARS));
  const rest = form.slice(BEGINNING_CHARS);
  return before + rests.map((after) => `***${after.slice(sharedChars(after, rest))}`).join('');
}

function sharedChars(one: string, other: string): number {
  let chars = 0;
  while (chars < one.length && one[chars] === other[chars]) chars += 1;
  return chars;
}
