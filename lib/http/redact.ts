/** Strikes secrets out of what others said, before people or a log see it: what looks like one, and those that the bot knows. */
import { BY_FORM, BY_PLACE, type Place } from './secret-patterns.ts';

/** The tokens of lib/http/url-token.ts, by where they stand or by the project that they begin with; the latter also where they are cut. */
const URL_TOKENS: readonly RegExp[] = [
  /((?:\/|%2F)(?:horreum|job)(?:\/|%2F)(?:[\w-]{1,100}\.){1,5})[\w-]{32}(?![\w-])/gi,
  /((?:\/|%2F)(?:horreum|job)(?:\/|%2F)p[a-z2-7]{15}\.(?:\d{1,20}\.)?)[\w-]{8,}/gi,
  /(\bp[a-z2-7]{15}\.(?:\d{1,20}\.)?)[\w-]{32}(?![\w-])/g,
];

/**
 * Strikes what looks like a secret. It has to see the whole text, before anything is cut:
 * of half a secret nobody knows that it is one.
 */
export function redact(text: string): string {
  const byForm = BY_FORM.reduce((clean, pattern) => clean.replace(pattern, '***'), strikeKeyEnd(text));
  return maskUrlTokens(BY_PLACE.reduce(strikePlace, byForm));
}

function strikePlace(text: string, { pattern, isHarmless }: Place): string {
  return text.replace(pattern, (match: string, before: string, value: string) =>
    value.includes('***') || isHarmless?.(value, before) ? match : `${before}***`,
  );
}

/** The rest of a key in PEM whose beginning was cut away: the lines of base64 before its end. */
function strikeKeyEnd(text: string): string {
  const end = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/.exec(text);
  if (!end || /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY/.test(text.slice(0, end.index))) return text;
  const lines = text.slice(0, end.index).split('\n');
  const isKey = (line: string) => /[\w+/=]{16,}\s*$/.test(line.slice(-2000)) || line.trim() === '';
  const first = lines.findLastIndex((line, index) => index < lines.length - 1 && !isKey(line)) + 1;
  const kept = lines.slice(0, first).map((line) => `${line}\n`);
  return `${kept.join('')}***${text.slice(end.index + end[0].length)}`;
}

/** A text with the secret part of every such URL struck out; the rest shows which project and test it is. */
export function maskUrlTokens(text: string): string {
  return URL_TOKENS.reduce((clean, pattern) => clean.replace(pattern, '$1***'), text);
}

/** The same for an answer to a request that held `sent`: an echo is struck whatever it looks like, also encoded or cut short. */
export function redactEcho(text: string, sent: readonly (string | undefined)[]): string {
  const forms = sent.flatMap(formsOf).sort((one, other) => other.length - one.length);
  const whole = forms.reduce((clean, form) => clean.replaceAll(form, '***'), text);
  return forms.reduce(strikeBeginnings, redact(whole));
}

/** As a header, a URL, JSON and HTML would hold it; base64 may be repeated without its padding. */
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
    secret.replaceAll("'", "'\\''"),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
    // Of a key of several lines each line, since a log may begin each with a time.
    ...secret
      .split(/\r?\n/)
      .filter((line, _, lines) => lines.length > 1 && line.length >= 16 && !line.startsWith('-----')),
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

/** Fewer characters than this are not a secret any more, and might be an ordinary word. */
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
