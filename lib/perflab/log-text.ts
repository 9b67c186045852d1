/** The last part of a build log as plain text: no colours, no hidden notes, no control characters, within its bytes. */
import { stripVTControlCharacters } from 'node:util';

/** Jenkins hides its own notes in the log between these. */
const JENKINS_NOTES = /\u001b\[8mha:[\s\S]*?\u001b\[0m/g;
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** `cutAtStart`: the text begins in the middle of the log, so its first line is a fragment. */
export function plainLogTail(text: string, maxBytes: number, cutAtStart = false): string {
  const whole = cutAtStart ? afterFirstLine(text) : text;
  const plain = stripVTControlCharacters(whole.replace(JENKINS_NOTES, ''))
    .replace(/\r\n?/g, '\n')
    .replace(CONTROL_CHARACTERS, '');
  return lastBytes(plain, maxBytes);
}

function afterFirstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 || end === text.length - 1 ? text.replace(/^\ufffd+/, '') : text.slice(end + 1);
}

/** The end of a text in at most so many bytes, begun at a line where there is one. */
function lastBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBytes) return text;
  let from = bytes.byteLength - maxBytes;
  while (from < bytes.byteLength && (bytes[from]! & 0xc0) === 0x80) from += 1; // never in the middle of a character
  return afterFirstLine(bytes.subarray(from).toString('utf8'));
}
