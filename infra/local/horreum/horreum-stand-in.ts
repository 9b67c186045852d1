/** A stand-in for Horreum 0.19.3 on this machine: its REST API, its webhooks and its delays, all in memory. */
import type { AddressInfo } from 'node:net';
import { identify, LOCAL_API_KEY, type ApiKey } from './api/callers.ts';
import type { Fault } from './faults.ts';
import { testBody } from './bodies/rest-bodies.ts';
import { createHooks, type SentHook } from './pipeline/hooks.ts';
import { crash, html, unauthorized, type Answer } from './api/http-answer.ts';
import { pageFor } from './routes/pages.ts';
import {
  USUAL_DELAYS,
  createWorkQueue,
  type PipelineDelays,
  type UploadTrouble,
} from './pipeline/work-queue.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { dispatch, type Horreum, type Route } from './api/router.ts';
import { actionRoutes } from './routes/action-routes.ts';
import { changeRoutes } from './routes/change-routes.ts';
import { datasetRoutes, logRoutes } from './routes/dataset-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { testRoutes } from './routes/test-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import { createTimerSchedule, type Schedule } from './schedule.ts';
import { seedBaseline, seedSampleProject, type SeededBaseline, type SeededProject } from './seed.ts';
import { createHorreumServer, type ReceivedCall, type RecordedCall } from './serve.ts';
import { createStore, type Store } from './store/store.ts';

export interface HorreumStandInOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly keys?: readonly ApiKey[];
  readonly version?: string;
  readonly firstTestId?: number;
  readonly delays?: Partial<PipelineDelays>;
  readonly schedule?: Schedule;
  readonly nowMs?: () => number;
}

export interface HorreumStandIn {
  readonly url: string;
  readonly apiKey: string;
  readonly store: Store;
  /** Every call that came, oldest first. */
  readonly calls: readonly RecordedCall[];
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
  const nowMs = options.nowMs ?? Date.now;
  const schedule = options.schedule ?? createTimerSchedule();
  const store = createStore(options.firstTestId ?? 10);
  const hooks = createHooks(store);
  const queue = createWorkQueue();
  const uploadTroubles: UploadTrouble[] = [];
  const wait = (ms: number) => new Promise<void>((resolve) => schedule.after(ms, resolve));
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
  const calls: RecordedCall[] = [];
  const faults: Fault[] = [];
  const server = createHorreumServer({
    faults,
    calls,
    schedule,
    callerOf(headers) {
      const caller = identify(headers, keys);
      return caller.kind === 'user' ? caller.name : caller.kind;
    },
    answer: (call) => answer(horreum, routes, keys, call),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: keys[0]?.key ?? '',
    store,
    calls,
    hooks: hooks.sent,
    faults,
    uploadTroubles,
    setQueueRunning: (running) => queue.setRunning(running),
    seedSampleProject: () => seedSampleProject(store),
    seedBaseline: (seed) => seedBaseline(horreum, seed),
    close() {
      schedule.stop();
      hooks.stop();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function answer(
  horreum: Horreum,
  routes: readonly Route[],
  keys: readonly ApiKey[],
  call: ReceivedCall,
): Promise<Answer> {
  const { method, url, headers, body } = call;
  const page = method === 'GET' ? pageFor(horreum.store, url.pathname) : undefined;
  if (page) return html(200, page);
  const caller = identify(headers, keys);
  if (caller.kind === 'crash') return crash();
  if (caller.kind === 'wrong' && url.pathname !== '/api/config/version') return unauthorized();
  const known = caller.kind === 'wrong' ? ({ kind: 'anonymous' } as const) : caller;
  return dispatch(routes, method, url.pathname, { query: url.searchParams, headers, body, caller: known });
}
