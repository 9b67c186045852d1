/** Keeps the waits that outside systems ask for, for all functions: a caller that was refused writes it down, and nobody calls before that time. */
import { LONGEST_WAIT_MS } from './retry-after.ts';

/** A refused write may leave reading free; a refused read means that nothing is welcome. */
export type CallKind = 'read' | 'write';

/** From when on calls of each kind are welcome again, epoch ms; 0 or past: they are. */
export type Limits = Readonly<Record<CallKind, number>>;

/** Where the limits of one account at the outside system are kept for all functions. */
export interface LimitStore {
  get(account: string): Promise<Limits | undefined>;
  /** Sets the kind's time unless a later one is there. */
  raise(account: string, kind: CallKind, untilMs: number): Promise<void>;
}

export interface CallLimits {
  /** Begins to read what is known, so that nobody waits for it later. */
  prepare(account: string): void;
  /** From when on such a call is welcome, epoch ms. Never throws: who can't know calls, and is told. */
  welcomeFromMs(account: string, kind: CallKind): Promise<number>;
  refused(account: string, kind: CallKind, untilMs: number): Promise<void>;
}

/**
 * Sends a request (`GET /path`) unless the account's limits forbid it, which is thrown as an UpstreamError that names the wait.
 * What `send` throws with a wait counts as such a limit.
 */
export type WithinLimits = <Answer>(route: string, send: () => Promise<Answer>) => Promise<Answer>;

/** Others learn of a limit at most so much later than who met it; a refusal of one's own counts at once. */
const KNOWN_FOR_MS = 3_000;
const NONE: Limits = { read: 0, write: 0 };

export function createCallLimits(store: LimitStore, nowMs: () => number): CallLimits {
  const known = new Map<string, { readonly readAtMs: number; readonly limits: Promise<Limits> }>();
  const limitsOf = (account: string): Promise<Limits> => {
    const last = known.get(account);
    if (last && nowMs() - last.readAtMs < KNOWN_FOR_MS) return last.limits;
    const before = last?.limits ?? Promise.resolve(NONE);
    const limits = Promise.all([before, store.get(account).catch(() => undefined)]).then(([mine, theirs]) =>
      laterOf(mine, theirs ?? NONE),
    );
    known.set(account, { readAtMs: nowMs(), limits });
    return limits;
  };
  return {
    prepare: (account) => void limitsOf(account),
    async welcomeFromMs(account, kind) {
      const { read, write } = await limitsOf(account);
      return kind === 'read' ? read : Math.max(read, write);
    },
    async refused(account, kind, askedUntilMs) {
      const untilMs = Math.min(askedUntilMs, nowMs() + LONGEST_WAIT_MS);
      const before = known.get(account);
      const limits = (before?.limits ?? Promise.resolve(NONE)).then((all) =>
        laterOf(all, { ...NONE, [kind]: untilMs }),
      );
      known.set(account, { readAtMs: before?.readAtMs ?? nowMs(), limits });
      await store.raise(account, kind, untilMs).catch(() => undefined); // others meet the limit themselves
    },
  };
}

function laterOf(one: Limits, other: Limits): Limits {
  return { read: Math.max(one.read, other.read), write: Math.max(one.write, other.write) };
}
