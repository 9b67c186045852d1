/** Storing a project over the real embedded DynamoDB: versions, conflicts, kept secrets, and names that were given to others. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createDynamoProjectStore } from '../../../../lib/aws/dynamo-project-store.ts';
import {
  applyProject,
  readProjectFile,
  removeProject,
  type ApplyProjectDeps,
} from '../../../../lib/bot/projects/apply-project.ts';
import { usableSecrets } from '../../../../lib/bot/projects/project-keys.ts';
import type { ProjectStore } from '../../../../lib/bot/projects/project-store.ts';
import { startTable, type StartedTable } from '../../aws/started-table.ts';

let started: StartedTable;
let projects: ProjectStore;
let secrets: Map<string, Readonly<Record<string, string>>>;
let deps: ApplyProjectDeps;
beforeAll(async () => {
  started = await startTable();
  projects = createDynamoProjectStore(started.table);
});
afterAll(() => started.close());

let count = 0;
let name = '';
beforeEach(() => {
  count += 1;
  name = `acme/applied-${count}`;
  secrets = new Map();
  deps = {
    projects,
    secrets: {
      get: (projectId) => Promise.resolve(secrets.get(projectId) ?? {}),
      put: (projectId, values) => Promise.resolve(void secrets.set(projectId, values)),
      remove: (projectId) => Promise.resolve(void secrets.delete(projectId)),
    },
    nowMs: () => started.clock.nowMs,
  };
});
const file = (more: object = {}) =>
  readProjectFile({ repoFullName: name, jobs: { smoke: { platformJobId: 'smoke' } }, ...more });
/** Without where each is for. */
const keysOf = (projectId: string) =>
  Object.fromEntries(
    Object.entries(secrets.get(projectId) ?? {}).filter(([secret]) => !secret.endsWith(':for')),
  );
const apply = (more: object = {}, expectedVersion?: number) =>
  applyProject(deps, file(more), expectedVersion);

describe('a project that is stored', () => {
  test('begins with version 1 and the time from which commands count', async () => {
    expect(await apply()).toMatchObject({
      version: 1,
      activatedAtMs: started.clock.nowMs,
      secretNames: [],
      repoFullName: name,
    });
    started.clock.nowMs += 5000;
    expect(await apply({ description: 'again' })).toMatchObject({
      version: 2,
      activatedAtMs: started.clock.nowMs - 5000,
    });
    expect((await projects.getByName(name))?.description).toBe('again');
  });

  test('keeps what was learnt of its repository, and what it no longer says is gone', async () => {
    const first = await apply({ description: 'old' });
    await projects.put(
      { ...first, repositoryId: 7000 + count, installationId: 8, isPrivate: true, version: 2 },
      1,
    );
    const second = await apply();
    expect(second).toMatchObject({
      version: 3,
      repositoryId: 7000 + count,
      installationId: 8,
      isPrivate: true,
    });
    expect(second.description).toBeUndefined();
  });

  test('has its keys in the secret store, and none in the table', async () => {
    const stored = await apply({
      datastoreApiKey: 'HUSR_KEY',
      jobPlatformUser: 'bench',
      jobPlatformApiKey: 'jenkins-key',
    });
    expect(stored.secretNames).toEqual(['datastoreApiKey', 'jobPlatformApiKey']);
    expect(keysOf(stored.projectId)).toEqual({
      datastoreApiKey: 'HUSR_KEY',
      jobPlatformApiKey: 'jenkins-key',
    });
    expect(JSON.stringify(await projects.getById(stored.projectId))).not.toMatch(/HUSR_KEY|jenkins-key/);
  });

  test('keeps keys that the file does not hold, and replaces those that it does', async () => {
    await apply({ datastoreApiKey: 'one', jobPlatformApiKey: 'two' });
    const { projectId, secretNames } = await apply({ datastoreApiKey: 'three' });
    expect(keysOf(projectId)).toEqual({ datastoreApiKey: 'three', jobPlatformApiKey: 'two' });
    expect(secretNames).toEqual(['datastoreApiKey', 'jobPlatformApiKey']);
    expect((await apply()).secretNames).toEqual(secretNames);
  });
});

describe('a stored key', () => {
  const jenkins = 'https://jenkins.example.com/ci';
  const lab = (more: object = {}) => ({
    labs: { bench: { platform: 'argo-cd', url: 'https://argo.example.com', ...more } },
  });

  test.each([
    ['datastoreApiKey', { datastoreUrl: 'https://horreum.example.com' }, { datastoreUrl: 'https://a.test' }],
    ['datastoreApiKey', {}, { datastoreUrl: 'https://horreum.example.com.a.test' }],
    ['jobPlatformApiKey', { jobPlatformUrl: jenkins }, { jobPlatformUrl: 'http://jenkins.example.com/ci' }],
    [
      'jobPlatformApiKey',
      { jobPlatformUrl: jenkins },
      { jobPlatformUrl: 'https://jenkins.example.com:8443' },
    ],
    ['lab:bench:apiKey', lab({ apiKey: 'key' }), lab({ url: 'https://a.test' })],
    [
      'lab:bench:apiKey',
      lab({ apiKey: 'key' }),
      { ...lab({ url: undefined }), jobPlatformUrl: 'https://a.test' },
    ],
  ])('%s is not sent to a host that it was not given for', async (name, before, after) => {
    const key = name.startsWith('lab:') ? {} : { [name]: 'key' };
    const { projectId } = await apply({ ...before, ...key });
    await expect(apply(after)).rejects.toThrow(`Put ${name} into the file again`);
    expect(await projects.getById(projectId)).toMatchObject({ version: 1 });
  });

  test('stays when the path changes or the operator’s default takes over, and may be given anew', async () => {
    await apply({ jobPlatformUrl: jenkins, jobPlatformApiKey: 'one' });
    await apply({ jobPlatformUrl: 'https://jenkins.example.com/moved' });
    const { projectId } = await apply({ jobPlatformUrl: 'https://a.test', jobPlatformApiKey: 'two' });
    await apply();
    await expect(apply({ jobPlatformUrl: jenkins })).rejects.toThrow('jobPlatformApiKey');
    expect(keysOf(projectId)).toEqual({ jobPlatformApiKey: 'two' });
  });

  test('of a lab that was taken out of the file waits for nobody', async () => {
    await apply(lab({ apiKey: 'key' }));
    await apply();
    await expect(apply(lab({ url: 'https://a.test' }))).rejects.toThrow('lab:bench:apiKey');
  });
});

describe('of two who change it', () => {
  test('the one who read an older version is told so, and nothing of his is kept', async () => {
    const { projectId } = await apply({ datastoreApiKey: 'mine' });
    await apply({ description: 'theirs' }, 1);
    await expect(apply({ description: 'mine', datastoreApiKey: 'late' }, 1)).rejects.toThrow(
      'version 2, not 1',
    );
    expect(keysOf(projectId)).toEqual({ datastoreApiKey: 'mine' });
    expect(await projects.getById(projectId)).toMatchObject({ version: 2, description: 'theirs' });
  });

  test('at the same moment one wins and the other is told', async () => {
    await apply();
    const outcomes = await Promise.allSettled(['a', 'b'].map((description) => apply({ description })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(String(failed?.reason)).toContain('Try again');
  });

  test('a version that is expected of a project that is not there is a conflict', async () => {
    await expect(apply({}, 3)).rejects.toThrow('version 0, not 3');
    expect(await projects.getByName(name)).toBeUndefined();
  });
});

describe('a name that belonged to another repository', () => {
  test('makes another project, with keys of its own', async () => {
    const first = await apply({ datastoreApiKey: 'first' });
    await projects.put({ ...first, repoFullName: `${name}-renamed`, version: 2 }, 1);
    const second = await apply({ datastoreApiKey: 'second' });
    expect(second.projectId).not.toBe(first.projectId);
    expect(second.version).toBe(1);
    expect(keysOf(first.projectId)).toEqual({ datastoreApiKey: 'first' });
    expect(keysOf(second.projectId)).toEqual({ datastoreApiKey: 'second' });
    expect((await apply({ description: 'still mine' })).projectId).toBe(second.projectId);
    expect((await projects.getByName(`${name}-renamed`))?.projectId).toBe(first.projectId);
  });

  test('whose alias was lost in a crash leads to its project again', async () => {
    const first = await apply();
    await started.table.delete(`NAME#${name}`);
    expect(await projects.getByName(name)).toBeUndefined();
    expect(await apply()).toMatchObject({ projectId: first.projectId, version: 2 });
    expect(await projects.getByName(name)).toBeDefined();
  });
});

test('a project that is removed takes its secrets along', async () => {
  const { projectId } = await apply({ datastoreApiKey: 'gone' });
  expect(await removeProject(deps, name)).toMatchObject({ projectId });
  expect(secrets.has(projectId)).toBe(false);
  expect(await projects.getById(projectId)).toBeUndefined();
  await expect(removeProject(deps, name)).rejects.toThrow('There is no project');
});

test('two changes at once never send a stored key to the address that the other one names', async () => {
  const horreum = 'https://horreum.example';
  const evil = 'https://evil.example';
  await apply({ datastoreUrl: horreum, datastoreApiKey: 'HUSR_real' });
  const { secrets: store } = deps;
  let passed: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (passed = resolve));
  let readKept: () => void = () => undefined;
  const kept = new Promise<void>((resolve) => (readKept = resolve));
  const slow: ApplyProjectDeps = {
    ...deps,
    secrets: {
      ...store,
      put: async (...given) => {
        readKept();
        await gate;
        await store.put(...given);
      },
    },
  };
  const late = applyProject(slow, file({ datastoreUrl: horreum, datastoreCaCertificates: 'PEM' }));
  await kept;
  await apply({ datastoreUrl: evil, datastoreApiKey: 'junk' });
  passed();
  await expect(late).rejects.toThrow('at the same moment');
  const project = await projects.getByName(name);
  const stored = await store.get(project?.projectId ?? '');
  expect(project?.datastoreUrl).toBe(evil);
  expect(usableSecrets(project!, stored)).not.toHaveProperty('datastoreApiKey');
});
