/** Writes the beginning of a value as JSON: the value may be nested a hundred thousand levels deep, and is read only as far as the text has room. */
import type { Json } from '../../horreum/datastore.ts';
import { shorten } from './markdown.ts';

export function shortJson(value: Json, maxLength: number): string {
  let text = '';
  for (const piece of pieces(value, maxLength)) {
    text += piece;
    if (text.length > maxLength) break;
  }
  return shorten(text, maxLength);
}

/** Each level writes at least one character before the next is entered, so there are no more levels than characters. */
function* pieces(value: Json, maxLength: number): Generator<string, void, undefined> {
  if (typeof value === 'string') yield JSON.stringify(value.slice(0, maxLength + 1));
  else if (typeof value !== 'object' || value === null) yield JSON.stringify(value);
  else if (Array.isArray(value)) {
    yield '[';
    for (const [index, one] of (value as readonly Json[]).entries()) {
      if (index > 0) yield ',';
      yield* pieces(one, maxLength);
    }
    yield ']';
  } else {
    yield '{';
    for (const [index, [name, one]] of Object.entries(value as Readonly<Record<string, Json>>).entries()) {
      yield `${index > 0 ? ',' : ''}${JSON.stringify(name.slice(0, maxLength + 1))}:`;
      yield* pieces(one, maxLength);
    }
    yield '}';
  }
}
