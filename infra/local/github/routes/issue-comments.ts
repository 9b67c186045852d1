/** Serves comments on issues and pull requests, and the reactions to them. */
import { allComments, createComment, deleteComment, editComment, react } from '../acts/comments.ts';
import { ApiError, invalid, notFound } from '../api/api-error.ts';
import { pageOf } from '../api/paging.ts';
import { idFrom, requiredString, type ApiRequest } from '../api/request.ts';
import type { Route } from '../api/router.ts';
import { isReaction, commentPayload, issuePayload, reactionPayload } from '../payloads/issue.ts';
import type { Issue, IssueComment } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';

const READ = ['issues:read', 'pull_requests:read'];
const WRITE = ['issues:write', 'pull_requests:write'];
const MAX_BODY_CHARACTERS = 65_536;

export const issueCommentRoutes: readonly Route[] = [
  {
    // Before `issues/{number}`, which would take it.
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments',
    needs: READ,
    answer: (world, request) => {
      const all = [...request.repository.issues.values()].flatMap((issue) => issue.comments);
      return answerPage(world, request, sorted(request, since(request, all)));
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{number}',
    needs: READ,
    answer: ({ state }, request) => ({ status: 200, body: issuePayload(state, issueIn(request)) }),
  },
  {
    // Ascending by id whatever is asked: this list cannot be sorted.
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{number}/comments',
    needs: READ,
    answer: (world, request) => answerPage(world, request, since(request, issueIn(request).comments)),
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{number}/comments',
    needs: WRITE,
    answer: (world, request) => {
      const issue = issueIn(request);
      const body = bodyIn(request);
      if (issue.locked) throw new ApiError(403, 'Unable to create comment because issue is locked.');
      const comment = commentPayload(world.state, createComment(world, issue, world.state.bot, body));
      return { status: 201, headers: { location: comment.url }, body: comment };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments/{id}',
    needs: READ,
    answer: (world, request) => ({
      status: 200,
      body: commentPayload(world.state, commentIn(world, request)),
    }),
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/issues/comments/{id}',
    needs: WRITE,
    answer: (world, request) => {
      const comment = commentIn(world, request);
      const body = bodyIn(request);
      editComment(world, comment, world.state.bot, body);
      return { status: 200, body: commentPayload(world.state, comment) };
    },
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/comments/{id}',
    needs: WRITE,
    answer: (world, request) => {
      deleteComment(world, commentIn(world, request), world.state.bot);
      return { status: 204 };
    },
  },
];

function commentIn(world: World, request: ApiRequest): IssueComment {
  const id = idFrom(request.params, 'id');
  const comment = allComments(world).find(
    (one) => one.id === id && one.issue.repository === request.repository,
  );
  if (!comment) throw notFound();
  return comment;
}

function issueIn(request: ApiRequest): Issue {
  const issue = request.repository.issues.get(idFrom(request.params, 'number'));
  if (!issue) throw notFound();
  return issue;
}

function bodyIn(request: ApiRequest): string {
  const body = requiredString(request.body, 'body', 'IssueComment');
  if (body.length > MAX_BODY_CHARACTERS) {
    throw invalid(
      'IssueComment',
      'body',
      'unprocessable',
      `body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`,
    );
  }
  if (body.trim() === '') throw invalid('IssueComment', 'body', 'unprocessable', "Body can't be blank");
  return body;
}

function answerPage(world: World, request: ApiRequest, comments: readonly IssueComment[]) {
  const page = pageOf(world.state, request, comments);
  return {
    status: 200,
    headers: page.headers,
    body: page.items.map((comment) => commentPayload(world.state, comment)),
  };
}

function since(request: ApiRequest, comments: readonly IssueComment[]): IssueComment[] {
  const text = request.query.get('since');
  const sinceMs = text === null ? 0 : Date.parse(text);
  if (Number.isNaN(sinceMs)) throw invalid('IssueComment', 'since', 'invalid');
  // The answer's times have whole seconds, and so has this comparison.
  return comments.filter((comment) => Math.floor(comment.updatedAtMs / 1000) * 1000 >= sinceMs);
}

/** Without `sort` by id upwards, whatever the direction says. */
function sorted(request: ApiRequest, comments: readonly IssueComment[]): IssueComment[] {
  const sort = request.query.get('sort');
  if (sort !== 'created' && sort !== 'updated') return [...comments].sort((a, b) => a.id - b.id);
  const time = (comment: IssueComment) => (sort === 'updated' ? comment.updatedAtMs : comment.createdAtMs);
  const sign = request.query.get('direction') === 'asc' ? 1 : -1;
  return [...comments].sort((a, b) => sign * (time(a) - time(b) || a.id - b.id));
}

const REACTIONS_PATH = '/repos/{owner}/{repo}/issues/comments/{id}/reactions';

export const reactionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: REACTIONS_PATH,
    needs: READ,
    answer: (world, request) => {
      const wanted = request.query.get('content');
      const all = commentIn(world, request).reactions.filter(
        (reaction) => wanted === null || reaction.content === wanted,
      );
      const page = pageOf(world.state, request, all);
      return {
        status: 200,
        headers: page.headers,
        body: page.items.map((reaction) => reactionPayload(world.state, reaction)),
      };
    },
  },
  {
    // 201 for a new one, 200 for one that was there.
    method: 'POST',
    path: REACTIONS_PATH,
    needs: WRITE,
    answer: (world, request) => {
      const comment = commentIn(world, request);
      const content = request.body['content'];
      if (!isReaction(content)) throw invalid('Reaction', 'content', 'invalid');
      const { reaction, isNew } = react(world, comment, world.state.bot, content);
      return { status: isNew ? 201 : 200, body: reactionPayload(world.state, reaction) };
    },
  },
  {
    method: 'DELETE',
    path: `${REACTIONS_PATH}/{reaction_id}`,
    needs: WRITE,
    answer: (world, request) => {
      const { reactions } = commentIn(world, request);
      const index = reactions.findIndex((reaction) => reaction.id === idFrom(request.params, 'reaction_id'));
      if (index < 0) throw notFound();
      reactions.splice(index, 1);
      return { status: 204 };
    },
  },
];
