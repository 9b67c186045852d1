/** Makes plain text of the last part of a build log: no colours, no hidden notes, no control characters, within its bytes. */

/** Jenkins hides its own notes in the log between these. Nothing here may look past the next escape: a log can be full of beginnings. */
const JENKINS_NOTES = /\u001b\[8mha:[^\u001b]*\u001b\[0m/g;
/** A terminal's commands: texts such as links, then colours and movements, then the short ones. https://ecma-international.org/publications-and-standards/standards/ecma-48/ */
const ESCAPES =
  /\u001b\][^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** So many times the bytes that are kept are looked at: colours may take most of them. */
const LOOKED_AT = 8;

/** `cutAtStart`: the text begins in the middle of the log, so its first line is a fragment. */
export function plainLogTail(text: string, maxBytes: number, cutAtStart = false): string {
  const end = text.slice(-LOOKED_AT * maxBytes);
  const whole = cutAtStart || end.length < text.length ? afterFirstLine(end) : end;
  const plain = withoutEscapes(whole.replace(JENKINS_NOTES, ''))
    .replace(/\r\n?/g, '\n')
    .replace(CONTROL_CHARACTERS, '');
  return lastBytes(plain, maxBytes);
}

/** Text without what would move a terminal's cursor or colour it. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, '');
}

/** Of a single line it leaves all but half a character at its start. */
function afterFirstLine(text: string): string {
  const end = text.indexOf('\n');
  const isOneLine = end === -1 || end === text.length - 1;
  return isOneLine ? text.replace(/^[\ufffd\udc00-\udfff]+/, '') : text.slice(end + 1);
}

/** The end of a text in at most so many bytes, begun at a line where there is one. */
export function lastBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBytes) return text;
  let from = bytes.byteLength - maxBytes;
  while (from < bytes.byteLength && (bytes[from]! & 0xc0) === 0x80) from += 1; // never in the middle of a character
  return afterFirstLine(bytes.subarray(from).toString('utf8'));
}
