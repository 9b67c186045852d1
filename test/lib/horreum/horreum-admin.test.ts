/** Setting up and checking a project against the stand-in. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startHorreumStandIn, type HorreumStandIn } from '../../../infra/local/horreum/horreum-stand-in.ts';
import { uploadSample } from '../../../infra/local/horreum/sample/sample-upload.ts';
import { createHorreumAdmin, type HorreumAdmin } from '../../../lib/horreum/horreum-admin.ts';
import { createOutsideCall } from '../../../lib/http/outside-call.ts';
import { eventually } from '../../infra/local/horreum/eventually.ts';
import { jsonAnswer, startAnsweringServer } from './answering-server.ts';

let horreum: HorreumStandIn;
let admin: HorreumAdmin;

beforeEach(async () => {
  horreum = await startHorreumStandIn();
  horreum.seedSampleProject();
  admin = adminWith(horreum.apiKey);
});
afterEach(() => horreum.close());

function adminWith(apiKey: string): HorreumAdmin {
  return createHorreumAdmin({
    call: createOutsideCall(),
    nowMs: () => Date.now(),
    baseUrl: horreum.url,
    apiKey,
  });
}

describe('what there is', () => {
  test('version and roles; a wrong key still learns the version', async () => {
    expect(await admin.getVersion()).toBe('0.19.3');
    expect(await admin.getRoles()).toEqual(expect.arrayContaining(['viewer', 'tester', 'dev-team']));
    expect(await adminWith('HUSR_WRONG').getVersion()).toBe('0.19.3');
    await expect(adminWith('HUSR_WRONG').getRoles()).rejects.toMatchObject({ status: 401, retryable: false });
  });

  test('a test by id and by name', async () => {
    const found = { id: 10, name: 'getting-started' };
    expect(await admin.findTest(10)).toEqual(found);
    expect(await admin.findTest('getting-started')).toEqual(found);
    expect(await admin.findTest(99999)).toBeUndefined();
    expect(await admin.findTest('no such test / ?')).toBeUndefined();
  });

  test('views and profiles', async () => {
    expect((await admin.listViews(10)).map(({ name }) => name)).toEqual(['Default', 'Custom']);
    const [profile] = await admin.listProfiles(10);
    expect(profile?.comparisons).toHaveLength(6);
    expect(await admin.listProfiles(99999)).toEqual([]);
  });

  test('something that is no Horreum is said to be none', async () => {
    const server = await startAnsweringServer();
    server.answer = jsonAnswer({ name: 'another service' });
    const elsewhere = createHorreumAdmin({
      call: createOutsideCall(),
      nowMs: () => Date.now(),
      baseUrl: server.url,
    });
    await expect(elsewhere.getVersion()).rejects.toThrow("does not look like Horreum's");
    await server.close();
  });
});

describe('webhooks', () => {
  const url = 'http://127.0.0.1:1/horreum/token/dataset_labels/computed';
  const action = { testId: 10, event: 'dataset_labels/computed', url };

  test('need an allowed site first; then they are made, listed and deleted', async () => {
    await expect(admin.createAction(action)).rejects.toThrow('not on the list of allowed URL prefixes');
    expect(await admin.allowSite('http://127.0.0.1:1/')).toEqual({ prefix: 'http://127.0.0.1:1/' });
    expect(await admin.listAllowedSites()).toEqual([{ prefix: 'http://127.0.0.1:1/' }]);
    const made = await admin.createAction(action);
    expect(made).toEqual({
      id: 1,
      event: 'dataset_labels/computed',
      testId: 10,
      url,
      active: true,
    });
    expect(horreum.store.actions.get(made.id)?.runAlways).toBe(false);
    expect(await admin.listActions(10)).toEqual([made]);
    expect(await admin.deleteAction(made.id)).toBe(true);
    expect(await admin.deleteAction(made.id)).toBe(false);
    expect(await admin.listActions(10)).toEqual([]);
  });

  test('those that were not delivered are listed', async () => {
    await admin.allowSite('http://127.0.0.1:1/');
    await admin.createAction({ ...action, event: 'run/new' });
    await uploadSample({
      horreumUrl: horreum.url,
      apiKey: horreum.apiKey,
      repoFullName: 'o/r',
      pullRequestNumber: 1,
      jobId: 'j',
      appCommit: 'c',
    });
    const [failed] = await eventually(async () => {
      const log = await admin.listFailedActions(10, 5);
      return log.length > 0 && log;
    });
    expect(failed).toMatchObject({ level: 3, event: 'RUN_NEW' });
    expect(failed?.message).toContain('Connection refused');
  });

  test('an event that this Horreum does not know is its error', async () => {
    await admin.allowSite('http://127.0.0.1:1/');
    await expect(admin.createAction({ ...action, event: 'nonsense' })).rejects.toMatchObject({ status: 500 });
  });
});
