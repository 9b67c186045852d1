/** Who may do what: every kind of person against every kind of rule, and which questions GitHub is asked. */
import { describe, expect, test } from '@jest/globals';
import { checkAccess, isAtLeast, accessRulesOf } from '../../../../lib/bot/projects/access.ts';
import type { GitHub, Permission } from '../../../../lib/github/github.ts';
import type { ProjectConfig } from '../../../../lib/bot/projects/project-config.ts';
import { aJob, aProject } from '../a-project.ts';

const REPOSITORY = { id: 1, fullName: 'acme/shop' };

/** What GitHub knows of the people here; `perf-bot[bot]` is another app. */
const PEOPLE: Readonly<Record<string, { permission: Permission; teams?: readonly string[] }>> = {
  owner: { permission: 'admin' },
  maintainer: { permission: 'maintain' },
  writer: { permission: 'write' },
  triager: { permission: 'triage' },
  reader: { permission: 'read' },
  stranger: { permission: 'none' },
  former: { permission: 'none' },
  member: { permission: 'read', teams: ['acme/perf'] },
  'robot[bot]': { permission: 'none' },
};

function gitHub(): { client: GitHub; asked: string[] } {
  const asked: string[] = [];
  const client = {
    getPermission(_repository: unknown, login: string) {
      asked.push(`permission of ${login}`);
      return Promise.resolve(PEOPLE[login.toLowerCase()]?.permission ?? 'none');
    },
    isTeamMember(organization: string, slug: string, login: string) {
      asked.push(`${login} in ${organization}/${slug}`);
      return Promise.resolve(
        PEOPLE[login.toLowerCase()]?.teams?.includes(`${organization}/${slug}`) ?? false,
      );
    },
  } satisfies Partial<GitHub>;
  return { client: client as Partial<GitHub> as GitHub, asked };
}

async function whoMay(rules: Partial<ProjectConfig>, access?: object): Promise<string[]> {
  const { client } = gitHub();
  const project = aProject({ jobs: { smoke: aJob(access ? { access } : {}) }, ...rules });
  const answers = await Promise.all(
    Object.keys(PEOPLE).map(async (login, id) => {
      const person = { id, login };
      const answer = await checkAccess(client, project, project.jobs['smoke'], 'run', person, REPOSITORY);
      return answer.allowed ? [login] : [];
    }),
  );
  return answers.flat();
}

const WRITERS = ['owner', 'maintainer', 'writer'];

describe('who may run', () => {
  test.each<[string, Partial<ProjectConfig>, object | undefined, string[]]>([
    ['no rule asks for write', {}, undefined, WRITERS],
    ['a list is only that list', { authorizedUsers: ['Reader', 'former'] }, undefined, ['reader', 'former']],
    ['an empty list is nobody', { authorizedUsers: [] }, undefined, []],
    ['a team', { authorizedTeams: ['acme/perf'] }, undefined, ['member']],
    ['a team of another organization', { authorizedTeams: ['other/perf'] }, undefined, []],
    ['triage', { minimumPermission: 'triage' }, undefined, [...WRITERS, 'triager']],
    ['maintain', { minimumPermission: 'maintain' }, undefined, ['owner', 'maintainer']],
    ['admin', { minimumPermission: 'admin' }, undefined, ['owner']],
    ['read', { minimumPermission: 'read' }, undefined, [...WRITERS, 'triager', 'reader', 'member']],
    [
      'a list or a permission',
      { authorizedUsers: ['stranger'], minimumPermission: 'admin' },
      undefined,
      ['owner', 'stranger'],
    ],
    [
      'a list or a team',
      { authorizedUsers: ['stranger'], authorizedTeams: ['acme/perf'] },
      undefined,
      ['stranger', 'member'],
    ],
    ['a bot that is named', { authorizedUsers: ['robot[bot]'] }, undefined, ['robot[bot]']],
    [
      'the job’s own rules replace the project’s',
      { authorizedUsers: ['owner'] },
      { authorizedUsers: ['reader'] },
      ['reader'],
    ],
    ['a job that lets nobody', { minimumPermission: 'read' }, { authorizedUsers: [] }, []],
    ['a job’s empty rules are none', { authorizedUsers: ['reader'] }, {}, ['reader']],
  ])('%s', async (_name, rules, access, people) => expect(await whoMay(rules, access)).toEqual(people));

  test('the first rule that matches is the reason, and GitHub is asked no more', async () => {
    const project = aProject({
      authorizedUsers: ['reader'],
      authorizedTeams: ['acme/other', 'acme/perf', 'acme/last'],
      minimumPermission: 'write',
    });
    const check = async (login: string) => {
      const { client, asked } = gitHub();
      const answer = await checkAccess(client, project, undefined, 'run', { id: 1, login }, REPOSITORY);
      return [answer.allowed ? answer.because : answer.missing, asked];
    };
    expect(await check('READER')).toEqual(['named in the project', []]);
    expect(await check('member')).toEqual([
      'member of acme/perf',
      ['member in acme/other', 'member in acme/perf'],
    ]);
    const teams = ['other', 'perf', 'last'];
    expect(await check('writer')).toEqual([
      'write permission',
      [...teams.map((team) => `writer in acme/${team}`), 'permission of writer'],
    ]);
    const [missing] = await check('stranger');
    expect(missing).toBe(
      'write permission on this repository, or membership in `acme/other` or `acme/perf` or `acme/last`, or an entry in the project’s `authorizedUsers`',
    );
  });

  test('a failing GitHub is no yes', async () => {
    const client = { getPermission: () => Promise.reject(new Error('down')) } as Partial<GitHub> as GitHub;
    const asked = checkAccess(client, aProject(), undefined, 'run', { id: 1, login: 'owner' }, REPOSITORY);
    await expect(asked).rejects.toThrow('down');
  });
});

describe('who may look', () => {
  const look = (readOnlyCommands: 'anyone' | 'authorized' | undefined, login: string) => {
    const project = aProject(readOnlyCommands ? { readOnlyCommands } : {});
    return checkAccess(gitHub().client, project, undefined, 'read', { id: 1, login }, REPOSITORY);
  };

  test('anybody, unless the project says otherwise', async () => {
    expect(await look(undefined, 'stranger')).toMatchObject({ allowed: true });
    expect(await look('anyone', 'stranger')).toMatchObject({ allowed: true });
    expect(await look('authorized', 'stranger')).toMatchObject({ allowed: false });
    expect(await look('authorized', 'writer')).toMatchObject({ allowed: true });
  });
});

test('permissions are ordered, and a fresh project asks for write', () => {
  expect(isAtLeast('none', 'read')).toBe(false);
  expect(isAtLeast('maintain', 'write')).toBe(true);
  expect(isAtLeast('write', 'write')).toBe(true);
  expect(accessRulesOf(aProject(), aJob()).minimumPermission).toBe('write');
});
