/** Messages of the two queues: each is a hint or an order to look; the records hold the truth. */
import type { Delivery } from '../../github/events.ts';
import type { Person } from '../../github/github.ts';

/** [commands]: one signed delivery, cut down. */
export interface CommandMessage {
  readonly version: 1;
  readonly deliveryId: string;
  readonly delivery: Delivery;
  /** How often it was put off because an outside system asked for it or did not answer. */
  readonly postponed?: number;
}

/** What somebody wants of a run; applied by whoever holds its lease, so that no two changes cross. */
export type RunChange =
  | {
      readonly kind: 'cancel';
      readonly by: string;
      readonly why: 'person' | 'superseded' | 'closed' | 'removed';
    }
  | { readonly kind: 'join'; readonly person: Person }
  | { readonly kind: 'acknowledge'; readonly metric: string; readonly by: string; readonly reason: string }
  /** Ask PerfLab and Horreum once more, whatever the record says. */
  | { readonly kind: 'recheck' };

export interface WhyLook {
  /** The look that the record planned: out of date if the record has moved on. Absent: look whatever it says. */
  readonly lookNumber?: number;
  /** When somebody hinted; a look that began later has seen it. */
  readonly hintedAtMs?: number;
  /** Horreum's word that this upload may be the run's. */
  readonly horreumRunId?: number;
  /**
   * Reading an experiment can make Horreum post `experiment_result/new` again: such a hint is nothing new for a run that
   * knows its upload.
   */
  readonly onlyIfUnmatched?: boolean;
  /** The hint came with this project's token, so it counts for this project's runs only. */
  readonly ofProject?: string;
  /** Only what GitHub shows may be out of date, such as after a push. */
  readonly redraw?: boolean;
  readonly change?: RunChange;
}

/** [runs]: why somebody should look at a run. */
export type RunMessage = { readonly postponed?: number } & RunMessageKind;

type RunMessageKind =
  /** The record's own next look. A message whose number is no longer the record's is out of date and dropped. */
  | ({ readonly version: 1; readonly kind: 'look'; readonly runKey: string } & WhyLook)
  /** Horreum posted something about this test; `horreumRunId` is its word, not yet a fact. */
  | {
      readonly version: 1;
      readonly kind: 'horreum';
      readonly projectId: string;
      readonly testId: string;
      readonly event: string;
      readonly horreumRunId?: number;
    }
  /** A PerfLab says that a job of this project ended. All that it says is a hint. */
  | {
      readonly version: 1;
      readonly kind: 'perflab';
      readonly projectId: string;
      readonly jobId?: string;
      readonly pullRequestNumber?: number;
      readonly runKey?: string;
    };

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html */
export const LONGEST_DELAY_SECONDS = 900;

export interface Queue<Message> {
  /** Resolves once the message is safely in the queue. A longer delay than the longest is cut to it. */
  send(message: Message, delaySeconds?: number): Promise<void>;
}
