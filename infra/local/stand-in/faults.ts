/** Plants faults in a stand-in, for a test or the local page: each strikes once, at the first call that it matches. */
import type { StandInAnswer, StandInCall } from './calls.ts';

export interface Fault {
  /** An expression is compared with `METHOD /path?query`. */
  readonly match: RegExp | ((call: StandInCall) => boolean);
  /** The call takes effect all the same; only its answer is lost or another. */
  readonly afterEffect?: boolean;
  readonly delayMs?: number;
  /** Absent: the true answer, unless no answer comes at all. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. Absent: the stand-in's own words. */
  readonly body?: string | object;
  /** The connection is cut instead of an answer. */
  readonly closeSocket?: boolean;
  /** No answer ever comes. */
  readonly hangs?: boolean;
}

/** What a proxy before the stand-in answers to somebody who is not logged in. */
export const LOGIN_PAGE = {
  status: 302,
  headers: { location: 'https://sso.example.com/login' },
  body: '',
} as const;

export function takeFault(faults: Fault[], call: StandInCall): Fault | undefined {
  return takeFirst(faults, ({ match }) =>
    typeof match === 'function' ? match(call) : match.test(`${call.method} ${call.target}`),
  );
}

/** Whether it stands in place of the true answer. */
export function replacesAnswer({ status, closeSocket, hangs }: Fault): boolean {
  return status !== undefined || closeSocket === true || hangs === true;
}

/** `ownWords` stands where the fault gives no body. */
export function answerOf({ status = 500, headers, body }: Fault, ownWords: StandInAnswer): StandInAnswer {
  if (body === undefined)
    return { status, headers: { ...ownWords.headers, ...headers }, body: ownWords.body };
  if (typeof body === 'string') return { status, headers, body };
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

export function takeFirst<T>(list: T[], fits: (one: T) => boolean): T | undefined {
  const index = list.findIndex(fits);
  return index < 0 ? undefined : list.splice(index, 1)[0];
}
