/** Makes the calls to GitHub that the bot makes on behalf of one installation, in the bot's own terms. */
import { onStatus } from '../http/upstream-error.ts';
import { at, listAt, textAt } from '../json.ts';
import type { GitHubApp } from './github-app.ts';
import { textIn } from './github-errors.ts';
import type { GitHub, RepositoryRef } from './github.ts';
import {
  checkRefIn,
  checkRunBody,
  commentRefIn,
  comparisonIn,
  listedCommentIn,
  permissionIn,
  pullRequestIn,
} from './rest-shapes.ts';

const PAGE = 100;
const MOST_PAGES = 30;

export function createGitHubClient(app: GitHubApp, installationId: number): GitHub {
  /** The answer's data. */
  const call = async (route: string, { fullName }: RepositoryRef, parameters: Record<string, unknown>) => {
    const [owner = '', repo = ''] = fullName.split('/');
    return (await app.request(installationId, route, { owner, repo, ...parameters })).data;
  };

  return {
    writesFromMs: () => app.writesFromMs(installationId),
    async getPullRequest(repository, number) {
      const pull = await call('GET /repos/{owner}/{repo}/pulls/{pull_number}', repository, {
        pull_number: number,
      });
      return pullRequestIn(pull, repository);
    },
    async getPermission(repository, login) {
      const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
      const read = async () => {
        const answer = await call(route, repository, { username: login });
        textIn(answer, 'permission', route);
        return permissionIn(answer);
      };
      return read().catch(onStatus([404], () => 'none' as const));
    },
    async isTeamMember(organization, teamSlug, login) {
      const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
      const parameters = { org: organization, team_slug: teamSlug, username: login };
      return app
        .request(installationId, route, parameters)
        .then(({ data }) => textIn(data, 'state', route) === 'active')
        .catch(onStatus([404], () => false));
    },
    async listChangedPaths(repository, number) {
      const paths: string[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const data = await call('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', repository, {
          pull_number: number,
          per_page: PAGE,
          page,
        });
        const files = listAt(data);
        paths.push(...files.map((file) => textAt(file, 'filename') ?? ''));
        if (files.length < PAGE) break;
      }
      return paths;
    },
    async compareCommits(repository, baseSha, headSha) {
      const answer = await call('GET /repos/{owner}/{repo}/compare/{basehead}', repository, {
        basehead: `${baseSha}...${headSha}`,
        per_page: 1,
      });
      return comparisonIn(answer);
    },
    async react(repository, commentId, content) {
      await call('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', repository, {
        comment_id: commentId,
        content,
      });
    },
    async createComment(repository, number, body) {
      return commentRefIn(
        await call('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', repository, {
          issue_number: number,
          body,
        }),
      );
    },
    async updateComment(repository, commentId, body) {
      const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
      return call(route, repository, { comment_id: commentId, body })
        .then(() => true)
        .catch(onStatus([404, 410], () => false));
    },
    async findComment(repository, number, marker) {
      const ownLogin = await app.ownLogin();
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const data = await call('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', repository, {
          issue_number: number,
          per_page: PAGE,
          page,
        });
        const comments = listAt(data);
        const own = comments.find(
          (comment) => isBy(comment, ownLogin) && textAt(comment, 'body')?.includes(marker),
        );
        if (own) return commentRefIn(own);
        if (comments.length < PAGE) return undefined;
      }
      return undefined;
    },
    async listRecentComments(repository, sinceMs) {
      const data = await call('GET /repos/{owner}/{repo}/issues/comments', repository, {
        sort: 'updated',
        direction: 'desc',
        since: new Date(sinceMs).toISOString(),
        per_page: PAGE,
      });
      return listAt(data).map(listedCommentIn);
    },
    async createCheckRun(repository, check) {
      return checkRefIn(
        await call('POST /repos/{owner}/{repo}/check-runs', repository, {
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
      const found = await call('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', repository, {
        ref: headSha,
        check_name: name,
        filter: 'all',
        per_page: PAGE,
      }).catch(onStatus([404], () => undefined));
      const check = listAt(found, 'check_runs').find((one) => at(one, 'external_id') === externalId);
      return check ? checkRefIn(check) : undefined;
    },
  };
}

/** Anybody can write our marker. Without a login to go by it may be any bot's comment: a person's is never taken for ours. */
function isBy(comment: unknown, ownLogin: string | undefined): boolean {
  return ownLogin === undefined
    ? at(comment, 'user', 'type') === 'Bot'
    : at(comment, 'user', 'login') === ownLogin;
}
