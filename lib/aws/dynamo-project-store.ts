/** Keeps projects in DynamoDB: the project, and small items that lead to it from its name and its repository's id. */
import { isDeepStrictEqual } from 'node:util';
import type { ProjectConfig } from '../bot/projects/project-config.ts';
import type { ProjectStore } from '../bot/projects/project-store.ts';
import { keys } from '../bot/record/table-keys.ts';
import type { DocumentTable } from './document-table.ts';
import { INDEXES } from './table.ts';

const PROJECTS_LIST = 'PROJECTS';
const MOST_PROJECTS = 10_000;

export function createDynamoProjectStore(table: DocumentTable): ProjectStore {
  const getById = async (projectId: string) =>
    (await table.get(keys.project(projectId)))?.['project'] as ProjectConfig | undefined;
  const follow = async (pk: string) => {
    const alias = await table.get(pk);
    return typeof alias?.['projectId'] === 'string' ? getById(alias['projectId']) : undefined;
  };
  return {
    getById,
    async getByName(repoFullName) {
      const project = await follow(keys.projectName(repoFullName));
      return project?.repoFullName.toLowerCase() === repoFullName.toLowerCase() ? project : undefined;
    },
    async getByRepositoryId(repositoryId) {
      const project = await follow(keys.repository(repositoryId));
      return project?.repositoryId === repositoryId ? project : undefined;
    },
    async list() {
      const items = await table.query({
        index: INDEXES.byList,
        hash: PROJECTS_LIST,
        newestFirst: false,
        limit: MOST_PROJECTS,
      });
      return items.flatMap(({ project }) => (project ? [project as ProjectConfig] : []));
    },
    async put(project, expectedVersion) {
      const condition =
        expectedVersion === 0
          ? { expression: 'attribute_not_exists(pk)' }
          : { expression: 'version = :version', values: { ':version': expectedVersion } };
      const item = {
        pk: keys.project(project.projectId),
        version: project.version,
        project,
        listKey: PROJECTS_LIST,
        listSort: project.repoFullName.toLowerCase(),
      };
      // Where an answer was lost, the SDK has repeated the call, and the first of the two was the one that counted.
      const isStored =
        (await table.put(item, condition)) || isSame(await getById(project.projectId), project);
      if (!isStored) return false;
      await Promise.all(
        aliasesOf(project).map((pk) =>
          table.put(
            { pk, projectId: project.projectId },
            { expression: 'attribute_not_exists(pk) OR pk = :pk', values: { ':pk': pk } },
          ),
        ),
      );
      return true;
    },
    async remove(project) {
      await table.delete(keys.project(project.projectId));
      const mine = { expression: 'projectId = :mine', values: { ':mine': project.projectId } };
      await Promise.all(aliasesOf(project).map((pk) => table.delete(pk, mine)));
    },
  };
}

function isSame(stored: ProjectConfig | undefined, project: ProjectConfig): boolean {
  const asStored: unknown = JSON.parse(JSON.stringify(project));
  return isDeepStrictEqual(stored, asStored);
}

/** An alias that leads to a project which no longer bears that name or id counts for nothing. */
function aliasesOf(project: ProjectConfig): string[] {
  return [
    keys.projectName(project.repoFullName),
    ...(project.repositoryId === undefined ? [] : [keys.repository(project.repositoryId)]),
  ];
}
