/** Failures that a test orders in advance: each strikes once, at the first request or delivery that it matches. */

export interface Fault {
  /** Against `METHOD /path?query`. */
  readonly match: RegExp;
  /** Answer with this; undefined together with `closeSocket` false only delays. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: GitHub's shape with a message. */
  readonly body?: unknown;
  /** Do what was asked first, then answer with the error: what a lost answer looks like. */
  readonly afterEffect?: boolean;
  /** Cut the connection instead of answering. */
  readonly closeSocket?: boolean;
  readonly delayMs?: number;
}

export interface WebhookFault {
  /** Against `event.action`, such as `issue_comment.created`. */
  readonly match: RegExp;
  /** `lose`: never tried and never listed. `fail`: listed as failed without reaching anybody. `repeat`: sent twice with one GUID. */
  readonly how: 'lose' | 'fail' | 'repeat';
}

export function takeFault<F extends { readonly match: RegExp }>(faults: F[], subject: string): F | undefined {
  const index = faults.findIndex((fault) => fault.match.test(subject));
  return index < 0 ? undefined : faults.splice(index, 1)[0];
}
