/** Reactions to comments. */
import { invalid, notFound } from '../api-error.ts';
import { idFrom } from '../api-request.ts';
import { react } from '../acts/comments.ts';
import { pageOf } from '../paging.ts';
import { REACTION_CONTENTS, reactionPayload } from '../payloads/issue.ts';
import type { Route } from '../router.ts';
import { commentIn } from './issue-comments.ts';

const PATH = '/repos/:owner/:repo/issues/comments/:id/reactions';
const WRITE = ['issues:write', 'pull_requests:write'];

export const reactionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: PATH,
    needs: ['issues:read', 'pull_requests:read'],
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
    path: PATH,
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
    path: `${PATH}/:reaction_id`,
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

export function isReaction(content: unknown): content is (typeof REACTION_CONTENTS)[number] {
  return REACTION_CONTENTS.some((known) => known === content);
}
