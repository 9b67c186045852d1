/** Sends a message again with a delay, instead of sleeping, when an outside system asks to wait or does not answer. */
import { UpstreamError } from '../../http/upstream-error.ts';
import { LONGEST_DELAY_SECONDS, type Queue } from '../record/messages.ts';

/** How many times; then the queue's own redelivery and, in the end, its dead letters take over. */
const MOST_TIMES = 12;

/** Does `act`; on a passing fault sends `message` again, later each time. Throws everything else. */
export async function orPutOff<Message extends { readonly postponed?: number }>(
  queue: Queue<Message>,
  message: Message,
  act: () => Promise<void>,
  onPutOff: (error: UpstreamError, seconds: number) => void,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const times = message.postponed ?? 0;
    if (!(error instanceof UpstreamError) || !error.retryable || times >= MOST_TIMES) throw error;
    const seconds = Math.min(
      LONGEST_DELAY_SECONDS,
      Math.max(1, Math.ceil((error.retryAfterMs ?? 2_000 * 2 ** times) / 1000)),
    );
    onPutOff(error, seconds);
    await queue.send({ ...message, postponed: times + 1 }, seconds);
  }
}
