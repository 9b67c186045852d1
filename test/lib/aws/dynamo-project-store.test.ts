/** Projects on a real embedded DynamoDB: found by id, name and repository, also after a rename, and never mixed up. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDynamoProjectStore } from '../../../lib/aws/dynamo-project-store.ts';
import { createDynamoDeadLetters } from '../../../lib/aws/dynamo-dead-letters.ts';
import type { ProjectConfig } from '../../../lib/bot/projects/project-config.ts';
import type { ProjectStore } from '../../../lib/bot/projects/project-store.ts';
import { aProject } from '../bot/a-project.ts';
import { keys } from '../../../lib/bot/record/table-keys.ts';
import { startTable, type StartedTable } from './started-table.ts';

let started: StartedTable;
let store: ProjectStore;
beforeAll(async () => {
  started = await startTable();
  store = createDynamoProjectStore(started.table);
});
afterAll(async () => {
  expect(started.operations).not.toContain('Scan');
  await started.close();
});

let count = 0;
function aNewProject(more: Partial<ProjectConfig> = {}): ProjectConfig {
  count += 1;
  return aProject({
    projectId: `p${count}`,
    repoFullName: `acme/shop-${count}`,
    repositoryId: 100 + count,
    ...more,
  });
}
async function stored(more: Partial<ProjectConfig> = {}): Promise<ProjectConfig> {
  const project = aNewProject(more);
  expect(await store.put(project, 0)).toBe(true);
  return project;
}

test('a project is found by id, by name in any case, and by its repository', async () => {
  const project = await stored({ labs: { 'lab:1': { platform: 'jenkins' } } });
  expect(await store.getById(project.projectId)).toEqual(project);
  expect(await store.getByName(project.repoFullName.toUpperCase())).toEqual(project);
  expect(await store.getByRepositoryId(project.repositoryId ?? 0)).toEqual(project);
  expect(await Promise.all([store.getById('p'), store.getByName('a/b'), store.getByRepositoryId(1)])).toEqual(
    [undefined, undefined, undefined],
  );
});

test('is stored only over the version that was read', async () => {
  const project = await stored();
  expect(await store.put({ ...project, description: 'another' }, 0)).toBe(false);
  const wins = await Promise.all(
    ['x', 'y', 'z'].map((description) => store.put({ ...project, description, version: 2 }, 1)),
  );
  expect(wins.filter(Boolean)).toHaveLength(1);
  expect(await store.put({ ...project, version: 3 }, 1)).toBe(false);
  expect((await store.getById(project.projectId))?.version).toBe(2);
});

test('what was stored, and whose answer was lost, is stored again as if for the first time', async () => {
  const project = await stored({ description: undefined as never });
  const nextVersion = { ...project, version: 2 };
  expect(await store.put(nextVersion, 1)).toBe(true);
  await started.table.delete(keys.projectName(project.repoFullName));
  expect(await store.put(nextVersion, 1)).toBe(true);
  expect(await store.getByName(project.repoFullName)).toMatchObject({ version: 2 });
});

test('all are listed by name', async () => {
  const before = (await store.list()).length;
  const [b, a] = [await stored({ repoFullName: 'zz/b' }), await stored({ repoFullName: 'zz/A' })];
  const listed = await store.list();
  expect(listed).toHaveLength(before + 2);
  expect(listed.slice(-2)).toEqual([a, b]);
});

describe('after its repository was renamed', () => {
  test('it is found by the new name only, and the list says so', async () => {
    const project = await stored();
    const renamed = { ...project, repoFullName: `acme/renamed-${count}`, version: 2 };
    expect(await store.put(renamed, 1)).toBe(true);
    expect(await store.getByName(renamed.repoFullName)).toEqual(renamed);
    expect(await store.getByName(project.repoFullName)).toBeUndefined();
    expect(await store.getByRepositoryId(project.repositoryId ?? 0)).toEqual(renamed);
    expect((await store.list()).map(({ repoFullName }) => repoFullName)).not.toContain(project.repoFullName);
  });

  test('another repository may take the old name, and removing one leaves the other', async () => {
    const first = await stored();
    const moved = { ...first, repoFullName: `acme/moved-${count}`, version: 2 };
    await store.put(moved, 1);
    const second = await stored({ repoFullName: first.repoFullName });
    expect(await store.getByName(first.repoFullName)).toEqual(second);
    expect(await store.getByName(moved.repoFullName)).toEqual(moved);
    await store.remove(second);
    expect(await store.getByName(first.repoFullName)).toBeUndefined();
    expect(await store.getByName(moved.repoFullName)).toEqual(moved);
  });

  test('a removal by somebody who knows only the old name takes nobody else’s alias', async () => {
    const first = await stored();
    const second = await stored({ repoFullName: first.repoFullName });
    await store.remove(first);
    expect(await store.getByName(first.repoFullName)).toEqual(second);
    expect(await store.getByRepositoryId(second.repositoryId ?? 0)).toEqual(second);
  });
});

test('a removed project is found nowhere, and can be stored again', async () => {
  const project = await stored();
  await store.remove(project);
  expect(await store.getById(project.projectId)).toBeUndefined();
  expect(await store.getByName(project.repoFullName)).toBeUndefined();
  expect(await store.getByRepositoryId(project.repositoryId ?? 0)).toBeUndefined();
  expect(await store.list()).not.toContainEqual(project);
  expect(await store.put(project, 0)).toBe(true);
});

test('dead letters are kept once, listed newest first, and go when they were sent again', async () => {
  const letters = createDynamoDeadLetters(started.table);
  const letter = (messageId: string, diedAtMs: number) => ({
    messageId,
    queue: 'runs' as const,
    body: '{}',
    diedAtMs,
  });
  expect(await letters.keep(letter('m1', 1000))).toBe(true);
  expect(await letters.keep(letter('m1', 9000))).toBe(false);
  expect(await letters.keep(letter('m2', 2000))).toBe(true);
  expect((await letters.list(10)).map(({ messageId }) => messageId)).toEqual(['m2', 'm1']);
  expect(await letters.get('m1')).toEqual(letter('m1', 1000));
  await letters.remove('m1');
  expect(await letters.get('m1')).toBeUndefined();
  expect(await letters.list(10)).toEqual([letter('m2', 2000)]);
});
