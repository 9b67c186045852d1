/** A project is read once for each message, and never seen older than what the message itself wrote. */
import { expect, test } from '@jest/globals';
import type { ProjectConfig } from '../../../../lib/bot/projects/project-config.ts';
import { type ProjectStore, readProjectsOnce } from '../../../../lib/bot/projects/project-store.ts';

function store(isStored = true) {
  const reads: string[] = [];
  let current = { projectId: 'p1', repoFullName: 'o/r', version: 1 } as ProjectConfig;
  const projects: ProjectStore = {
    getById(projectId) {
      reads.push(projectId);
      if (projectId === 'broken') return Promise.reject(new Error('no answer'));
      return Promise.resolve(projectId === 'p1' ? current : undefined);
    },
    getByName: () => Promise.resolve(current),
    getByRepositoryId: () => Promise.resolve(current),
    list: () => Promise.resolve([current]),
    put(project) {
      if (isStored) current = project;
      return Promise.resolve(isStored);
    },
    remove: () => Promise.resolve(),
  };
  return {
    once: readProjectsOnce(projects),
    reads,
    setVersion: (version: number) => void (current = { ...current, version }),
  };
}

test('by id it is read once, also by two at a time', async () => {
  const { once, reads } = store();
  await Promise.all([once.getById('p1'), once.getById('p1')]);
  await once.getById('p1');
  expect(reads).toEqual(['p1']);
});

test('one found by its repository is known by id as well', async () => {
  const { once, reads } = store();
  await once.getByRepositoryId(5);
  expect(await once.getById('p1')).toMatchObject({ version: 1 });
  expect(reads).toEqual([]);
});

test('after a write the written one is seen; after a write that came too late the store is asked again', async () => {
  const late = store(false);
  const first = await late.once.getById('p1');
  late.setVersion(9);
  expect(await late.once.put({ ...(first as ProjectConfig), version: 2 }, 1)).toBe(false);
  expect(await late.once.getById('p1')).toMatchObject({ version: 9 });

  const { once, reads } = store();
  const read = await once.getById('p1');
  await once.put({ ...(read as ProjectConfig), version: 2 }, 1);
  expect(await once.getById('p1')).toMatchObject({ version: 2 });
  expect(reads).toEqual(['p1']);
});

test('a read that failed is not remembered', async () => {
  const { once, reads } = store();
  await expect(once.getById('broken')).rejects.toThrow('no answer');
  await expect(once.getById('broken')).rejects.toThrow('no answer');
  expect(reads).toEqual(['broken', 'broken']);
});
