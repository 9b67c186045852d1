/** Sends signed webhooks as GitHub does: not awaited, one attempt, ten seconds, every try kept in the list of deliveries. */
import { randomUUID } from 'node:crypto';
import { accountPayload, nodeId, organizationPayload } from '../payloads/account.ts';
import { repositoryPayload } from '../payloads/repository.ts';
import type { Account, Installation, Repository } from '../state/records.ts';
import { installationOf, type GitHubState } from '../state/state.ts';
import { postWebhook, type Delivery, type HookConfig } from './delivery.ts';
import { takeFirst } from '../../stand-in/faults.ts';

export interface WebhookEvent {
  readonly event: string;
  readonly action: string | null;
  readonly payload: Record<string, unknown>;
  readonly installation: Installation | undefined;
  readonly repository: Repository | undefined;
}

export interface WebhookFault {
  /** Against `event.action`, such as `issue_comment.created`. */
  readonly match: RegExp;
  /** `lose`: never tried and never listed. `fail`: listed as failed without reaching anybody. `repeat`: sent twice with one GUID. */
  readonly how: 'lose' | 'fail' | 'repeat';
}

export interface Webhooks {
  readonly hook: HookConfig;
  readonly hookId: number;
  /** Newest last. */
  readonly deliveries: Delivery[];
  readonly faults: WebhookFault[];
  /** An event of a repository, wrapped as GitHub wraps it; nothing when the App does not get it. */
  fire(
    repository: Repository,
    event: string,
    action: string,
    parts: Record<string, unknown>,
    sender: Account,
  ): void;
  send(event: WebhookEvent): void;
  redeliver(delivery: Delivery): void;
  /** When everything under way has ended. */
  settled(): Promise<void>;
  stop(): void;
}

/** What routes and acts share. */
export interface World {
  readonly state: GitHubState;
  readonly webhooks: Webhooks;
}

/** GitHub sends these to every App that may see them, subscribed or not. */
const UNASKED = ['installation', 'installation_repositories', 'check_run', 'check_suite', 'ping'];

export function createWebhooks(state: GitHubState, hook: HookConfig, log: (line: string) => void): Webhooks {
  const hookId = 520_000_001;
  const deliveries: Delivery[] = [];
  const faults: WebhookFault[] = [];
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();

  const attempt = (event: WebhookEvent, guid: string, redelivery: boolean, fails: boolean) => {
    if (!hook.url || stopping.signal.aborted) return;
    const delivery = newDelivery(state, event, guid, redelivery);
    deliveries.push(delivery);
    const work = (
      fails
        ? Promise.resolve(failOnPurpose(delivery))
        : postWebhook(state, hook, hookId, delivery, stopping.signal)
    )
      .then(() =>
        log(
          `webhook ${event.event}.${event.action ?? ''} ${guid}: ${delivery.statusCode} ${delivery.status}`,
        ),
      )
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };

  const send = (event: WebhookEvent) => {
    const name = `${event.event}.${event.action ?? ''}`;
    const fault = takeFirst(faults, ({ match }) => match.test(name));
    if (fault?.how === 'lose') return;
    const guid = randomUUID();
    attempt(event, guid, false, fault?.how === 'fail');
    if (fault?.how === 'repeat') attempt(event, guid, false, false);
  };

  return {
    hook,
    hookId,
    deliveries,
    faults,
    fire(repository, event, action, parts, sender) {
      const installation = installationOf(state, repository);
      const wanted = UNASKED.includes(event) || state.app.events.includes(event);
      if (!installation || installation.suspendedAtMs !== undefined || !wanted) return;
      const payload = wrap(state, action, parts, repository, sender, installation);
      send({ event, action: event === 'push' ? null : action, payload, installation, repository });
    },
    send,
    redeliver(delivery) {
      const { event, action, request } = delivery;
      const installation = state.installations.find((one) => one.id === delivery.installationId);
      const repository = state.repositories.find((one) => one.id === delivery.repositoryId);
      attempt(
        { event, action, payload: request.payload, installation, repository },
        delivery.guid,
        true,
        false,
      );
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    stop: () => stopping.abort(),
  };
}

/** The parts that every event of a repository has. The field order is GitHub's. */
function wrap(
  state: GitHubState,
  action: string,
  parts: Record<string, unknown>,
  repository: Repository,
  sender: Account,
  installation: Installation,
): Record<string, unknown> {
  const organization =
    repository.owner.type === 'Organization'
      ? { organization: organizationPayload(state, repository.owner) }
      : {};
  const payload = {
    action,
    ...parts,
    repository: repositoryPayload(state, repository),
    ...organization,
    sender: accountPayload(state, sender),
    installation: {
      id: installation.id,
      node_id: nodeId('MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u', installation.id),
    },
  };
  // Frozen as it is now: what happens while the event is under way must not change it.
  return structuredClone(payload);
}

function newDelivery(state: GitHubState, event: WebhookEvent, guid: string, redelivery: boolean): Delivery {
  return {
    id: state.nextId('delivery'),
    guid,
    deliveredAtMs: state.nowMs(),
    redelivery,
    duration: 0,
    status: 'pending',
    statusCode: 0,
    event: event.event,
    action: event.action,
    installationId: event.installation?.id ?? null,
    repositoryId: event.repository?.id ?? null,
    request: { headers: {}, payload: event.payload },
    response: { headers: {}, payload: '' },
  };
}

function failOnPurpose(delivery: Delivery): void {
  delivery.status = 'failed to connect to host';
}
