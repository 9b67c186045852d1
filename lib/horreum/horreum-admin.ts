/** Sets up and checks a project at Horreum: who the key is, what the test has, and which webhooks are registered. */
import { UpstreamError } from '../http/upstream-error.ts';
import type { ExperimentResult, View } from './datastore.ts';
import { toProfile } from './horreum-answers.ts';
import { createHorreumCall, type HorreumConnection } from './horreum-call.ts';
import { list, listViews } from './horreum-datastore.ts';
import { at, isObject, textAt } from '../json.ts';
import { javaNumberAt, rowIdAt, textsAt } from './java-json.ts';

export type ExperimentProfile = NonNullable<ExperimentResult['profile']>;

export interface HorreumTest {
  readonly id: number;
  readonly name: string;
  /** Without them Horreum fires no `experiment_result/new` and no `change/new`. */
}

/** A webhook of one test. Its URL holds a secret: show it masked only. */
export interface HorreumAction {
  readonly id: number;
  readonly event: string;
  readonly testId: number;
  readonly url: string;
  readonly active: boolean;
}

export interface AllowedSite {
  readonly prefix: string;
}

/** A webhook that Horreum failed to deliver. `message` holds the URL, secret included. */
export interface ActionLogEntry {
  readonly level: number;
  readonly message: string;
  readonly event: string;
}

/** Every method throws UpstreamError; the role that a call needs is named with it. */
export interface HorreumAdmin {
  /** E.g. `0.19.3`. Public: says nothing about the key. */
  getVersion(): Promise<string>;
  /** The roles of the key's user; a bad key is an UpstreamError with status 401. */
  getRoles(): Promise<readonly string[]>;
  findTest(idOrName: number | string): Promise<HorreumTest | undefined>;
  listViews(testId: number): Promise<readonly View[]>;
  listProfiles(testId: number): Promise<readonly ExperimentProfile[]>;
  /** Role tester. */
  listActions(testId: number): Promise<readonly HorreumAction[]>;
  /** Role tester of the owning team, and an allowed site that is a prefix of the URL. */
  createAction(action: { testId: number; event: string; url: string }): Promise<HorreumAction>;
  /** Role tester; false if there was no such action. */
  deleteAction(actionId: number): Promise<boolean>;
  listAllowedSites(): Promise<readonly AllowedSite[]>;
  /** Role admin. Anybody can read the prefix: it must hold no secret, and ends with a slash. */
  allowSite(prefix: string): Promise<AllowedSite>;
  /** Role tester; newest first, errors only. */
  listFailedActions(testId: number, limit: number): Promise<readonly ActionLogEntry[]>;
}

export function createHorreumAdmin(connection: HorreumConnection): HorreumAdmin {
  const call = createHorreumCall(connection);
  return {
    async getVersion() {
      const { body } = await call({ path: '/api/config/version' });
      return textAt(body, 'version') ?? notHorreum('its version');
    },

    async getRoles() {
      return textsAt((await call({ path: '/api/user/roles' })).body);
    },

    async findTest(idOrName) {
      const path =
        typeof idOrName === 'number'
          ? `/api/test/${idOrName}`
          : `/api/test/byName/${encodeURIComponent(idOrName)}`;
      const { status, body } = await call({ path, expected: [404] });
      return status === 404 ? undefined : (toTest(body) ?? notHorreum('the test'));
    },

    listViews: (testId) => listViews(call, testId),

    async listProfiles(testId) {
      const { body } = await call({ path: `/api/experiment/${testId}/profiles`, expected: [404] });
      return list(body, toProfile);
    },

    async listActions(testId) {
      return list((await call({ path: `/api/action/test/${testId}` })).body, toAction);
    },

    async createAction({ testId, event, url }) {
      const { body } = await call({
        method: 'POST',
        path: '/api/action',
        json: {
          id: -1,
          event,
          type: 'http',
          config: { type: 'http', url },
          secrets: {},
          testId,
          active: true,
          // With `true`, reading an experiment would fire the event again, without end.
          runAlways: false,
        },
      });
      return toAction(body) ?? notHorreum('the new action');
    },

    async deleteAction(actionId) {
      const { status } = await call({ method: 'DELETE', path: `/api/action/${actionId}`, expected: [404] });
      return status !== 404;
    },

    async listAllowedSites() {
      return list((await call({ path: '/api/action/allowedSites' })).body, toAllowedSite);
    },

    async allowSite(prefix) {
      const { body } = await call({ method: 'POST', path: '/api/action/allowedSites', plainText: prefix });
      return toAllowedSite(body) ?? notHorreum('the new allowed site');
    },

    async listFailedActions(testId, limit) {
      const { body } = await call({
        path: `/api/log/action/${testId}`,
        query: { level: 3, limit, page: 0 },
      });
      return list(body, toActionLogEntry);
    },
  };
}

function toTest(row: unknown): HorreumTest | undefined {
  const id = rowIdAt(row, 'id');
  if (id === undefined) return undefined;
  return {
    id,
    name: textAt(row, 'name') ?? '',
  };
}

function toAction(row: unknown): HorreumAction | undefined {
  const id = rowIdAt(row, 'id');
  if (id === undefined) return undefined;
  return {
    id,
    event: textAt(row, 'event') ?? '',
    testId: javaNumberAt(row, 'testId') ?? -1,
    url: textAt(row, 'config', 'url') ?? '',
    active: at(row, 'active') !== false,
  };
}

function toAllowedSite(row: unknown): AllowedSite | undefined {
  const prefix = at(row, 'prefix');
  return typeof prefix === 'string' ? { prefix } : undefined;
}

function toActionLogEntry(row: unknown): ActionLogEntry | undefined {
  if (!isObject(row)) return undefined;
  return {
    level: javaNumberAt(row, 'level') ?? 0,
    message: textAt(row, 'message') ?? '',
    event: textAt(row, 'event') ?? '',
  };
}

function notHorreum(subject: string): never {
  throw new UpstreamError(`the answer does not look like Horreum's: ${subject} is not in it`, {
    retryable: false,
  });
}
