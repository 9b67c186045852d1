/** Posts events to the registered actions as Horreum does: at once, one connection each, at most 20 to a host and port, no second try, no timeout. */
import { asText } from '../store/read-value.ts';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { queryJsonPath } from '../compute/json-path.ts';
import type { Action, Store } from '../store/store.ts';

export const EVENT_NAMES = {
  'run/new': 'RUN_NEW',
  'dataset_labels/computed': 'DATASET_LABELS_COMPUTED',
  'experiment_result/new': 'EXPERIMENT_RESULT_NEW',
  'change/new': 'CHANGE_NEW',
  'test/new': 'TEST_NEW',
} as const;
export type HookEvent = keyof typeof EVENT_NAMES;

/** One event posted to one action, as it went. */
export interface SentHook {
  readonly event: HookEvent;
  readonly url: string;
  readonly runId: number | undefined;
  readonly bodyBytes: number;
  /** Undefined while it waits for a connection or an answer. */
  outcome: { readonly status: number } | { readonly error: string } | undefined;
}

export interface Hooks {
  readonly sent: readonly SentHook[];
  /** With `notify` false only the actions with `runAlways` get it. */
  fire(event: HookEvent, testId: number, body: object, notify: boolean, runId?: number): void;
  stop(): void;
}

const MAX_CONNECTIONS = 20;
const CONNECT_TIMEOUT_MS = 2000;

export function createHooks(store: Store): Hooks {
  const sent: SentHook[] = [];
  const lines = new Map<string, { open: number; readonly waiting: (() => Promise<void>)[] }>();
  const stopping = new AbortController();

  const next = (host: string) => {
    const line = lines.get(host);
    if (!line || line.open >= MAX_CONNECTIONS || stopping.signal.aborted) return;
    const post = line.waiting.shift();
    if (!post) return;
    line.open += 1;
    void post().finally(() => {
      line.open -= 1;
      next(host);
    });
  };

  return {
    sent,
    fire(event, testId, body, notify, runId) {
      const text = JSON.stringify(body);
      for (const action of store.actions.values()) {
        const listens =
          action.event === event && action.active && (action.testId === testId || action.testId === -1);
        if (!listens || !(notify || action.runAlways)) continue;
        const url = expandUrl(action, body);
        const hook: SentHook = { event, url, runId, bodyBytes: Buffer.byteLength(text), outcome: undefined };
        sent.push(hook);
        const post = async () => {
          hook.outcome = await postOnce(url, text, stopping.signal);
          logFailure(store, hook, testId);
        };
        const host = URL.canParse(url) ? new URL(url).host : url;
        const line = lines.get(host) ?? { open: 0, waiting: [] };
        lines.set(host, line);
        line.waiting.push(post);
        next(host);
      }
    },
    stop: () => stopping.abort(),
  };
}

/** `${$.a.b}` is replaced by what the path finds in the body; nothing is URL-encoded. */
function expandUrl(action: Action, body: object): string {
  const template = asText(action.config['url']).replaceAll(/\$\{([^}]*)\}/g, (_, path: string) => {
    try {
      const found = queryJsonPath(body as Json, path.trim());
      return found.length === 0
        ? 'null'
        : found.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(',');
    } catch {
      return '<invalid jsonpath>';
    }
  });
  return template.startsWith('http') ? template : `http://${template}`;
}

async function postOnce(
  url: string,
  text: string,
  signal: AbortSignal,
): Promise<NonNullable<SentHook['outcome']>> {
  if (!URL.canParse(url)) return { error: 'the URL is not valid' };
  const { protocol, hostname, port, host, pathname, search } = new URL(url);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send({
      method: 'POST',
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port || (protocol === 'https:' ? 443 : 80),
      path: pathname + search,
      agent: false,
      signal,
      headers: {
        'user-agent': 'Vert.x-WebClient/4.5.21',
        'Content-Type': 'application/json',
        'content-length': Buffer.byteLength(text),
        host,
        connection: 'close',
      },
    });
    request.on('socket', (socket) => {
      const timer = setTimeout(() => socket.destroy(new Error('connection timed out')), CONNECT_TIMEOUT_MS);
      socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(timer));
      socket.once('close', () => clearTimeout(timer));
    });
    request.on('response', (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0 });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve({
        error: error.code === 'ECONNREFUSED' ? `Connection refused: /${host}` : 'Connection was closed',
      });
    });
    request.end(text);
  });
}

/** Below 400 all is well, a redirect included; what hangs leaves no trace. */
function logFailure(store: Store, hook: SentHook, testId: number): void {
  const { outcome, url } = hook;
  if (!outcome || ('status' in outcome && outcome.status < 400)) return;
  const cause = 'error' in outcome ? outcome.error : `Failed to POST ${url}, response ${outcome.status}: `;
  store.logs.push({
    kind: 'action',
    level: 3,
    message: `Failed to POST ${url}: ${cause}`,
    testId,
    event: EVENT_NAMES[hook.event],
  });
}
