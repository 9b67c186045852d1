/** GitHub's REST calls that the bot makes, in its own terms, for one installation. */
import { UpstreamError } from '../http/upstream-error.ts';
import { checkRunBody } from './check-run-body.ts';
import type { GitHubApp } from './github-app.ts';
import {
  PERMISSION_LEVELS,
  type CommentRef,
  type GitHub,
  type ListedComment,
  type Permission,
  type RepositoryRef,
} from './github.ts';

const PAGE = 100;
const MOST_PAGES = 30;

type Fields = Readonly<Record<string, unknown>>;

export function createGitHubClient(app: GitHubApp, installationId: number): GitHub {
  const call = (route: string, repository: RepositoryRef, parameters: Record<string, unknown> = {}) =>
    app.request(installationId, route, { ...ownerAndRepo(repository), ...parameters });
  const fields = async (route: string, repository: RepositoryRef, parameters: Record<string, unknown> = {}) =>
    object((await call(route, repository, parameters)).data);

  return {
    async getPullRequest(repository, number) {
      const pull = await fields('GET /repos/{owner}/{repo}/pulls/{pull_number}', repository, {
        pull_number: number,
      });
      const head = object(pull['head']);
      const base = object(pull['base']);
      const headRepository = object(head['repo']);
      const user = object(pull['user']);
      return {
        number,
        state: pull['state'] === 'open' ? 'open' : 'closed',
        merged: pull['merged'] === true,
        headSha: text(head['sha']),
        headRef: text(head['ref']),
        headRepositoryId: idOfRepository(headRepository, repository),
        headRepositoryPushedAtMs: time(headRepository['pushed_at']),
        baseRef: text(base['ref']),
        baseSha: text(base['sha']),
        author: typeof user['id'] === 'number' ? { id: user['id'], login: text(user['login']) } : undefined,
      };
    },
    async getPermission(repository, login) {
      try {
        const answer = await fields(
          'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
          repository,
          { username: login },
        );
        return permissionOf(answer);
      } catch (error) {
        if (isStatus(error, 404)) return 'none';
        throw error;
      }
    },
    async isTeamMember(organization, teamSlug, login) {
      try {
        const answer = await app.request(
          installationId,
          'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
          { org: organization, team_slug: teamSlug, username: login },
        );
        return object(answer.data)['state'] === 'active';
      } catch (error) {
        if (isStatus(error, 404)) return false;
        throw error;
      }
    },
    async listChangedPaths(repository, number) {
      const paths: string[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const { data } = await call('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', repository, {
          pull_number: number,
          per_page: PAGE,
          page,
        });
        const files = list(data).map(object);
        paths.push(...files.map((file) => text(file['filename'])));
        if (files.length < PAGE) break;
      }
      return paths;
    },
    async compareCommits(repository, baseSha, headSha) {
      const answer = await fields('GET /repos/{owner}/{repo}/compare/{basehead}', repository, {
        basehead: `${baseSha}...${headSha}`,
        per_page: 1,
      });
      const status =
        (['identical', 'ahead', 'behind', 'diverged'] as const).find((known) => known === answer['status']) ??
        'diverged';
      return {
        status,
        aheadBy: count(answer['ahead_by']),
        behindBy: count(answer['behind_by']),
        mergeBaseSha: text(object(answer['merge_base_commit'])['sha']),
      };
    },
    async react(repository, commentId, content) {
      await call('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', repository, {
        comment_id: commentId,
        content,
      });
    },
    async createComment(repository, number, body) {
      return commentRef(
        await fields('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', repository, {
          issue_number: number,
          body,
        }),
      );
    },
    async updateComment(repository, commentId, body) {
      try {
        await call('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', repository, {
          comment_id: commentId,
          body,
        });
        return true;
      } catch (error) {
        if (isStatus(error, 404) || isStatus(error, 410)) return false;
        throw error;
      }
    },
    async findComment(repository, number, marker) {
      const ownLogin = await ownLoginOf(app);
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const { data } = await call('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', repository, {
          issue_number: number,
          per_page: PAGE,
          page,
        });
        const comments = list(data).map(object);
        const own = comments.find(
          (comment) => isBy(object(comment['user']), ownLogin) && text(comment['body']).includes(marker),
        );
        if (own) return commentRef(own);
        if (comments.length < PAGE) return undefined;
      }
      return undefined;
    },
    async listRecentComments(repository, sinceMs) {
      const { data } = await call('GET /repos/{owner}/{repo}/issues/comments', repository, {
        sort: 'updated',
        direction: 'desc',
        since: new Date(sinceMs).toISOString(),
        per_page: PAGE,
      });
      return list(data).map((comment) => listedComment(object(comment)));
    },
    async createCheckRun(repository, check) {
      return checkRef(
        await fields('POST /repos/{owner}/{repo}/check-runs', repository, {
          ...checkRunBody(check, app.nowMs()),
          head_sha: check.headSha,
        }),
      );
    },
    async updateCheckRun(repository, checkRunId, check) {
      await call('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', repository, {
        ...checkRunBody(check, app.nowMs()),
        check_run_id: checkRunId,
      });
    },
    async findCheckRun(repository, headSha, name, externalId) {
      const found = await fields('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', repository, {
        ref: headSha,
        check_name: name,
        filter: 'all',
        per_page: PAGE,
      }).catch((error: unknown): Fields => {
        if (isStatus(error, 404)) return {};
        throw error;
      });
      const check = list(found['check_runs'])
        .map(object)
        .find((one) => one['external_id'] === externalId);
      return check ? checkRef(check) : undefined;
    },
  };
}

/** Without a login to go by, any bot's: a person's is never taken for ours. */
function isBy(user: Fields, ownLogin: string | undefined): boolean {
  return ownLogin === undefined ? user['type'] === 'Bot' : text(user['login']) === ownLogin;
}

const ownLogins = new WeakMap<GitHubApp, Promise<string | undefined>>();

/** `<slug>[bot]`: who the App's comments are by; undefined where that is not to be learned. */
function ownLoginOf(app: GitHubApp): Promise<string | undefined> {
  const known =
    ownLogins.get(app) ??
    app.requestAsApp('GET /app', {}).then(
      ({ data }) => {
        const slug = text(object(data)['slug']);
        return slug === '' ? undefined : `${slug}[bot]`;
      },
      (error: unknown) => {
        if (isStatus(error, 404)) return undefined;
        throw error;
      },
    );
  ownLogins.set(app, known);
  known.catch(() => ownLogins.delete(app));
  return known;
}

function permissionOf(answer: Fields): Permission {
  const role = PERMISSION_LEVELS.find((level) => level === answer['role_name']);
  return role ?? PERMISSION_LEVELS.find((level) => level === answer['permission']) ?? 'none';
}

/** Undefined for one that is gone; where no id is said, the name tells whether it is `own`. */
function idOfRepository(found: Fields, own: RepositoryRef): number | undefined {
  if (typeof found['id'] === 'number') return found['id'];
  return text(found['full_name']).toLowerCase() === own.fullName.toLowerCase() ? own.id : undefined;
}

function ownerAndRepo({ fullName }: RepositoryRef): { owner: string; repo: string } {
  const [owner = '', repo = ''] = fullName.split('/');
  return { owner, repo };
}

function listedComment(comment: Fields): ListedComment {
  const url = text(comment['html_url']);
  const user = object(comment['user']);
  return {
    id: count(comment['id']),
    body: text(comment['body']),
    url,
    number: Number(/\/(\d+)$/.exec(text(comment['issue_url']))?.[1] ?? 0),
    onPullRequest: /\/pull\/\d+#/.test(url),
    createdAtMs: time(comment['created_at']) ?? 0,
    isEdited: comment['updated_at'] !== comment['created_at'],
    author:
      typeof user['id'] === 'number'
        ? { id: user['id'], login: text(user['login']), isBot: user['type'] === 'Bot' }
        : undefined,
  };
}

function commentRef(comment: Fields): CommentRef {
  return { id: count(comment['id']), url: text(comment['html_url']) };
}

function checkRef(check: Fields): { id: number; url: string | undefined } {
  return { id: count(check['id']), url: text(check['html_url']) || undefined };
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof UpstreamError && error.status === status;
}

const object = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
const time = (value: unknown): number | undefined =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : undefined;
