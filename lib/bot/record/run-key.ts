/** Makes names for runs before anything happens, from what asked for them: the same request always gets the same name. */
import { createHash } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const KEY_LENGTH = 26;

export interface RunOrigin {
  readonly repositoryId: number;
  readonly kind: 'comment' | 'button' | 'label' | 'push' | 'opened';
  /** Comment id, delivery GUID, or SHA and rule. */
  readonly triggerId: string;
  readonly jobId: string;
  /** Position among the runs that the same trigger asks for. */
  readonly ordinal: number;
}

/** `pb-` and 26 lowercase base32 characters (130 bits of SHA-256): a DNS-1123 label that every PerfLab accepts as a name. */
export function runKeyFor(origin: RunOrigin): string {
  return `pb-${shortHash([origin.repositoryId, origin.kind, origin.triggerId, origin.jobId, origin.ordinal], KEY_LENGTH)}`;
}

/** Enough of a key to name the run on its pull request. */
export function shortKey(runKey: string): string {
  return runKey.slice(0, 11);
}

/** The same number, from 0 up to 2³², for the same name: to spread names evenly, not to tell them apart. */
export function spreadNumber(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  return sum;
}

/** A short name for any list of values; no two different lists share their text. */
export function shortHash(parts: readonly (string | number)[], length: number): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  let bits = 0;
  let value = 0;
  let name = '';
  for (const byte of digest) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && name.length < length) {
      bits -= 5;
      name += ALPHABET[(value >> bits) & 31];
    }
  }
  return name;
}
