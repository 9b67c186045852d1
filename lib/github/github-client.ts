/** GitHub's REST calls that the bot makes, in its own terms, for one installation. */
import { isStatus } from '../http/upstream-error.ts';
import { checkRunBody } from './check-run-body.ts';
import type { GitHubApp } from './github-app.ts';
import type { GitHub, RepositoryRef } from './github.ts';
import { isBy, ownLoginOf } from './own-login.ts';
import {
  checkRef,
  commentRef,
  comparisonOf,
  listedComment,
  permissionOf,
  pullRequestOf,
} from './read-answers.ts';
import { list, object, text, type Fields } from './read-fields.ts';
import { textIn } from './refuse-unreadable.ts';

const PAGE = 100;
const MOST_PAGES = 30;

export function createGitHubClient(app: GitHubApp, installationId: number): GitHub {
  const call = (route: string, repository: RepositoryRef, parameters: Record<string, unknown> = {}) =>
    app.request(installationId, route, { ...ownerAndRepo(repository), ...parameters });
  const fields = async (route: string, repository: RepositoryRef, parameters: Record<string, unknown> = {}) =>
    object((await call(route, repository, parameters)).data);

  return {
    writesFromMs: () => app.writesFromMs(installationId),
    async getPullRequest(repository, number) {
      const pull = await fields('GET /repos/{owner}/{repo}/pulls/{pull_number}', repository, {
        pull_number: number,
      });
      return pullRequestOf(pull, number, repository);
    },
    async getPermission(repository, login) {
      const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
      try {
        const answer = await fields(route, repository, { username: login });
        textIn(answer, 'permission', route);
        return permissionOf(answer);
      } catch (error) {
        if (isStatus(error, 404)) return 'none';
        throw error;
      }
    },
    async isTeamMember(organization, teamSlug, login) {
      const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
      try {
        const answer = await app.request(installationId, route, {
          org: organization,
          team_slug: teamSlug,
          username: login,
        });
        return textIn(answer.data, 'state', route) === 'active';
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
      return comparisonOf(answer);
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

function ownerAndRepo({ fullName }: RepositoryRef): { owner: string; repo: string } {
  const [owner = '', repo = ''] = fullName.split('/');
  return { owner, repo };
}
