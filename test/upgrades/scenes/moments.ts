/** What a moment is known by: a run's state, a message that waits, an item that is there. */
import type { Seen } from '../snapshot.ts';

export const isIn =
  (state: string) =>
  ({ runs }: Seen): boolean =>
    runs.some((one) => one['state'] === state);
export const isSettledAs =
  (state: string) =>
  ({ runs }: Seen): boolean =>
    runs.some((one) => one['state'] === state && (one['published'] as { settled?: true }).settled === true);

/** As far as a moment is known by it. */
interface Message {
  readonly kind?: string;
  readonly delivery?: { readonly kind: string; readonly action?: string };
  readonly change?: { readonly kind: string };
  readonly redraw?: true;
  readonly postponed?: number;
}

export const waits =
  (queue: 'commands' | 'runs', isIt: (message: Message) => boolean) =>
  ({ messages }: Seen): boolean =>
    messages(queue).some(isIt);
export const delivers = (kind: string, action?: string) =>
  waits(
    'commands',
    ({ delivery }) => delivery?.kind === kind && (action === undefined || delivery.action === action),
  );
export const isPutOff = ({ postponed = 0 }: Message) => postponed > 0;

export const subjectOf = ({ items }: Seen, field: string) =>
  items.some(({ subject }) => subject !== undefined && field in (subject as object));
export const has = (prefix: string) => (seen: Seen) =>
  seen.items.some(({ pk }) => String(pk).startsWith(prefix));
