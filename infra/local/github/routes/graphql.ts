/** Serves the one pair of GraphQL mutations that the bot needs: hiding a comment and showing it again. */
import type { ApiAnswer, ApiRequest } from '../api/request.ts';
import { allComments } from '../acts/comments.ts';
import { nodeId } from '../payloads/account.ts';
import type { Route } from '../api/router.ts';
import type { World } from '../webhooks/webhooks.ts';

const CLASSIFIERS = ['ABUSE', 'DUPLICATE', 'OFF_TOPIC', 'OUTDATED', 'RESOLVED', 'SPAM', 'LOW_QUALITY'];

export const graphqlRoutes: readonly Route[] = [
  { method: 'POST', path: '/graphql', needs: ['issues:write', 'pull_requests:write'], answer },
];

/** Errors come with status 200, as everywhere in GraphQL. */
function answer(world: World, request: ApiRequest): ApiAnswer {
  const query = textOf(request.body['query']);
  const field = /\b(unminimizeComment|minimizeComment)\b/.exec(query)?.[1];
  if (!field)
    return failed('UNKNOWN', 'GitHub stand-in: only minimizeComment and unminimizeComment are known here');
  const input = inputOf(query, (request.body['variables'] ?? {}) as Record<string, unknown>);
  const subjectId = textOf(input['subjectId']);
  const comment = allComments(world).find((one) => nodeId('IC', one.id) === subjectId);
  if (!comment)
    return failed('NOT_FOUND', `Could not resolve to a node with the global id of '${subjectId}'`, field);
  const classifier = textOf(input['classifier']);
  if (field === 'minimizeComment' && !CLASSIFIERS.includes(classifier)) {
    return failed('INVALID', `Argument 'classifier' has an invalid value (${classifier}).`, field);
  }
  comment.minimizedReason = field === 'minimizeComment' ? classifier.toLowerCase() : undefined;
  const hidden = comment.minimizedReason !== undefined;
  const minimizedComment = {
    __typename: 'IssueComment',
    isMinimized: hidden,
    minimizedReason: comment.minimizedReason ?? null,
  };
  return { status: 200, body: { data: { [field]: { clientMutationId: null, minimizedComment } } } };
}

/** The `input` argument, written out in the query or given as a variable. */
function inputOf(query: string, variables: Record<string, unknown>): Record<string, unknown> {
  const whole = /input\s*:\s*\$(\w+)/.exec(query)?.[1];
  if (whole) return (variables[whole] ?? {}) as Record<string, unknown>;
  const inside = /input\s*:\s*\{([^}]*)\}/.exec(query)?.[1] ?? '';
  const fields = [...inside.matchAll(/(\w+)\s*:\s*(?:"([^"]*)"|\$(\w+)|(\w+))/g)];
  const valueOf = ([, , text, variable, word]: RegExpExecArray): unknown =>
    text ?? (variable ? variables[variable] : word);
  return Object.fromEntries(fields.map((field) => [field[1] ?? '', valueOf(field)] as const));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function failed(type: string, message: string, field?: string): ApiAnswer {
  return {
    status: 200,
    body: { data: field ? { [field]: null } : null, errors: [{ type, path: field ? [field] : [], message }] },
  };
}
