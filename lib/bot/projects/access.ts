/** Decides who may do what: users, then teams, then repository permission; the first that matches wins. A job's rules replace the project's. */
import {
  PERMISSION_LEVELS,
  type GitHub,
  type Permission,
  type Person,
  type RepositoryRef,
} from '../../github/github.ts';
import type { CommandRight } from '../grammar/command-table.ts';
import { code, words } from '../text/markdown.ts';
import type { JobDef, ProjectConfig } from './project-config.ts';

export interface AccessRules {
  readonly authorizedUsers?: readonly string[] | undefined;
  readonly authorizedTeams?: readonly string[] | undefined;
  readonly minimumPermission?: Permission | undefined;
}

export type Access =
  | { readonly allowed: true; readonly because: string }
  | { readonly allowed: false; readonly missing: string };

/** Where no rule is given at all, write permission is needed. */
export function accessRulesOf(project: ProjectConfig, job: JobDef | undefined): AccessRules {
  const own = job?.access;
  const rules: AccessRules =
    own && (own.authorizedUsers || own.authorizedTeams || own.minimumPermission) ? own : project;
  const { authorizedUsers, authorizedTeams, minimumPermission } = rules;
  const noList =
    authorizedUsers === undefined && authorizedTeams === undefined && minimumPermission === undefined;
  return { authorizedUsers, authorizedTeams, minimumPermission: noList ? 'write' : minimumPermission };
}

/** Asks GitHub only for what the rules need, one question at a time, and stops at the first yes. */
export async function checkAccess(
  gitHub: GitHub,
  project: ProjectConfig,
  job: JobDef | undefined,
  right: CommandRight,
  person: Person,
  repository: RepositoryRef,
): Promise<Access> {
  if (right === 'read' && project.readOnlyCommands !== 'authorized')
    return { allowed: true, because: 'anyone can use read-only commands' };
  const rules = accessRulesOf(project, job);
  if (rules.authorizedUsers?.some((login) => login.toLowerCase() === person.login.toLowerCase()))
    return { allowed: true, because: 'named in the project' };
  for (const team of rules.authorizedTeams ?? []) {
    const [organization = '', slug = ''] = team.split('/');
    if (await gitHub.isTeamMember(organization, slug, person.login))
      return { allowed: true, because: `member of ${team}` };
  }
  if (rules.minimumPermission !== undefined) {
    const permission = await gitHub.getPermission(repository, person.login);
    if (isAtLeast(permission, rules.minimumPermission))
      return { allowed: true, because: `${permission} permission` };
  }
  return { allowed: false, missing: whatIsMissing(rules) };
}

export function isAtLeast(permission: Permission, needed: Permission): boolean {
  return PERMISSION_LEVELS.indexOf(permission) >= PERMISSION_LEVELS.indexOf(needed);
}

/** Markdown: what the person would need. */
export function whatIsMissing(rules: AccessRules): string {
  const ways = [
    rules.minimumPermission === undefined ? '' : `${rules.minimumPermission} permission on this repository`,
    rules.authorizedTeams && rules.authorizedTeams.length > 0
      ? `membership in ${rules.authorizedTeams.map((team) => code(team)).join(' or ')}`
      : '',
    rules.authorizedUsers === undefined ? '' : 'an entry in the project’s `authorizedUsers`',
  ].filter((way) => way !== '');
  return ways.length === 0 ? 'a change to the project file, which allows nobody' : ways.join(', or ');
}

/** Names the people who can help, without mentioning them. */
export function whoCanHelp(rules: AccessRules): string {
  const people = (rules.authorizedUsers ?? []).slice(0, 5).map((login) => words(login));
  return people.length > 0
    ? `${people.join(', ')}${(rules.authorizedUsers?.length ?? 0) > 5 ? ' and others' : ''} can`
    : 'A maintainer can';
}
