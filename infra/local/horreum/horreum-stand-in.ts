/** Stands in for Horreum 0.19.3 on this machine: its REST API, its webhooks and its delays, all in memory. */
import type { StandInAnswer, StandInCall } from '../stand-in/calls.ts';
import { createRealClock, stoppable, type StandInClock } from '../stand-in/clock.ts';
import type { Fault } from '../stand-in/faults.ts';
import { startStandInServer, type Recorded } from '../stand-in/server.ts';
import { identify, LOCAL_API_KEY, type ApiKey } from './api/callers.ts';
import { testBody } from './bodies/rest-bodies.ts';
import { createHooks, type SentHook } from './pipeline/hooks.ts';
import { crash, html, unauthorized } from './api/http-answer.ts';
import { pageFor } from './routes/pages.ts';
import {
  USUAL_DELAYS,
  createWorkQueue,
  type PipelineDelays,
  type UploadTrouble,
} from './pipeline/work-queue.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { createDispatch, type Horreum, type Route } from './api/router.ts';
import { actionRoutes } from './routes/action-routes.ts';
import { changeRoutes } from './routes/change-routes.ts';
import { datasetRoutes, logRoutes } from './routes/dataset-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { testRoutes } from './routes/test-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import { seedBaseline, seedSampleProject, type SeededBaseline, type SeededProject } from './seed.ts';
import { createStore, type Store } from './store/store.ts';

export interface HorreumStandInOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly keys?: readonly ApiKey[];
  readonly version?: string;
  readonly firstTestId?: number;
  readonly delays?: Partial<PipelineDelays>;
  readonly clock?: StandInClock;
}

/** One call as it came, without its secrets. */
export interface HorreumCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The name of the API key's user, or why there is none. */
  readonly caller: string;
  readonly bodyBytes: number;
}

/** What the framework under Horreum takes at most. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface HorreumStandIn {
  readonly url: string;
  readonly apiKey: string;
  readonly store: Store;
  /** Every call that came, oldest first. */
  readonly calls: readonly Recorded<HorreumCall>[];
  /** Every webhook that was sent or waits to be, oldest first. */
  readonly hooks: readonly SentHook[];
  /** Add to it to make calls fail. */
  readonly faults: Fault[];
  /** One a coming upload, in order; an empty object is an upload that goes well. */
  readonly uploadTroubles: UploadTrouble[];
  /** False: uploads are accepted and nothing is computed, until it is true again. */
  setQueueRunning(running: boolean): void;
  /** Schema, test, views, variables and profile of `getting-started`. */
  seedSampleProject(): SeededProject;
  /** Past uploads of the main branch, computed at once and without webhooks. */
  seedBaseline(options: SeededBaseline): number[];
  close(): Promise<void>;
}

export async function startHorreumStandIn(options: HorreumStandInOptions = {}): Promise<HorreumStandIn> {
  const keys: ApiKey[] = [...(options.keys ?? [LOCAL_API_KEY])];
  const clock = stoppable(options.clock ?? createRealClock());
  const { nowMs, wait } = clock;
  const store = createStore(options.firstTestId ?? 10);
  const hooks = createHooks(store);
  const queue = createWorkQueue();
  const uploadTroubles: UploadTrouble[] = [];
  const delays = { ...USUAL_DELAYS, ...options.delays };
  const pipeline = createPipeline({ store, hooks, nowMs, wait, queue, delays, troubles: uploadTroubles });
  const horreum: Horreum = {
    store,
    pipeline,
    nowMs,
    onTestCreated(testId) {
      const test = store.tests.get(testId);
      if (test) hooks.fire('test/new', testId, testBody(store, test), true);
    },
  };
  const routes: Route[] = [
    ...userRoutes(horreum, keys, options.version ?? '0.19.3'),
    ...runRoutes(horreum),
    ...datasetRoutes(horreum),
    ...testRoutes(horreum),
    ...actionRoutes(horreum),
    ...changeRoutes(horreum),
    ...logRoutes(horreum),
  ];
  const dispatch = createDispatch(routes);

  function answer(call: StandInCall): StandInAnswer | Promise<StandInAnswer> {
    const page = call.method === 'GET' ? pageFor(store, call.path) : undefined;
    if (page) return html(200, page);
    const caller = identify(call.headers, keys);
    if (caller.kind === 'crash') return crash();
    if (caller.kind === 'wrong' && call.path !== '/api/config/version') return unauthorized();
    return dispatch(call, caller.kind === 'wrong' ? { kind: 'anonymous' } : caller);
  }

  const server = await startStandInServer({
    name: 'Horreum stand-in',
    port: options.port,
    clock,
    maxBytes: MAX_BODY_BYTES,
    handle: answer,
    note: (call) => noteOf(call, keys),
    onError(error) {
      console.error('Horreum stand-in:', error);
      return crash();
    },
  });

  return {
    url: server.url,
    apiKey: keys[0]?.key ?? '',
    store,
    calls: server.calls,
    hooks: hooks.sent,
    faults: server.faults,
    uploadTroubles,
    setQueueRunning: (running) => queue.setRunning(running),
    seedSampleProject: () => seedSampleProject(store),
    seedBaseline: (seed) => seedBaseline(horreum, seed),
    close() {
      clock.stop();
      hooks.stop();
      return server.close();
    },
  };
}

function noteOf({ method, target, headers, bytes }: StandInCall, keys: readonly ApiKey[]): HorreumCall {
  const caller = identify(headers, keys);
  return {
    method,
    path: target,
    caller: caller.kind === 'user' ? caller.name : caller.kind,
    bodyBytes: bytes.byteLength,
  };
}
