/** Finds GitHub's alerts: block quotes whose first line is `[!NOTE]` or the like and which no other element contains. */
import type { Token, Tokens } from 'marked';

const ALERT_KINDS = ['note', 'tip', 'important', 'warning', 'caution'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface Alert {
  readonly kind: AlertKind;
  /** What stands below the marker. */
  readonly tokens: Token[];
}

const MARKER = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)/i;

export function alertIn(quote: Tokens.Blockquote): Alert | undefined {
  const [first, ...rest] = quote.tokens;
  if (first?.type !== 'paragraph') return undefined;
  const paragraph = first as Tokens.Paragraph;
  const [, word] = MARKER.exec(paragraph.text) ?? [];
  const kind = ALERT_KINDS.find((known) => known === word?.toLowerCase());
  if (!kind) return undefined;
  const inline = withoutMarker(paragraph.tokens);
  if (inline.length === 0 && rest.length === 0) return undefined;
  const body = inline.length > 0 ? [{ ...paragraph, tokens: inline }] : [];
  return { kind, tokens: [...body, ...rest] };
}

/** The marker is the first text and the line end after it. */
function withoutMarker(tokens: readonly Token[]): Token[] {
  const [first, second, ...rest] = tokens;
  if (first?.type !== 'text') return [];
  const text = (first as Tokens.Text).text.replace(MARKER, '');
  if (text !== '') return [{ ...first, raw: text, text }, ...(second ? [second] : []), ...rest];
  return second?.type === 'br' ? rest : [...(second ? [second] : []), ...rest];
}

const VOID = ['br', 'hr', 'img', 'input', 'source', 'wbr', 'col'];

/** The elements that are still open after this piece of HTML. */
export function openAfter(open: readonly string[], piece: string): readonly string[] {
  const stack = [...open];
  const withoutComments = piece.replace(/<!--[\s\S]*?-->/g, '');
  for (const [, closing, name = ''] of withoutComments.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi)) {
    const tag = name.toLowerCase();
    if (VOID.includes(tag)) continue;
    if (!closing) stack.push(tag);
    else if (stack.includes(tag)) stack.splice(stack.lastIndexOf(tag));
  }
  return stack;
}

export function isBalanced(open: readonly string[]): boolean {
  return open.length === 0;
}
