/** From the answers of GitHub's REST API to the bot's own terms. */
import {
  PERMISSION_LEVELS,
  type CommentRef,
  type CommitComparison,
  type ListedComment,
  type Permission,
  type PullRequest,
  type RepositoryRef,
} from './github.ts';
import { number, object, text, timeMs, type Fields } from './read-fields.ts';

/** `asked`: the repository that was asked for it. */
export function pullRequestOf(pull: Fields, number: number, asked: RepositoryRef): PullRequest {
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
    headRepositoryId: idOfRepository(headRepository, asked),
    headRepositoryPushedAtMs: timeMs(headRepository['pushed_at']),
    baseRef: text(base['ref']),
    baseSha: text(base['sha']),
    author: typeof user['id'] === 'number' ? { id: user['id'], login: text(user['login']) } : undefined,
  };
}

export function comparisonOf(answer: Fields): CommitComparison {
  const status =
    (['identical', 'ahead', 'behind', 'diverged'] as const).find((known) => known === answer['status']) ??
    'diverged';
  return {
    status,
    aheadBy: count(answer['ahead_by']),
    behindBy: count(answer['behind_by']),
    mergeBaseSha: text(object(answer['merge_base_commit'])['sha']),
  };
}

export function permissionOf(answer: Fields): Permission {
  const role = PERMISSION_LEVELS.find((level) => level === answer['role_name']);
  return role ?? PERMISSION_LEVELS.find((level) => level === answer['permission']) ?? 'none';
}

/** Undefined for one that is gone; where no id is said, the name tells whether it is `own`. */
function idOfRepository(found: Fields, own: RepositoryRef): number | undefined {
  if (typeof found['id'] === 'number') return found['id'];
  return text(found['full_name']).toLowerCase() === own.fullName.toLowerCase() ? own.id : undefined;
}

export function listedComment(comment: Fields): ListedComment {
  const url = text(comment['html_url']);
  const user = object(comment['user']);
  return {
    id: count(comment['id']),
    body: text(comment['body']),
    url,
    number: Number(/\/(\d+)$/.exec(text(comment['issue_url']))?.[1] ?? 0),
    onPullRequest: /\/pull\/\d+#/.test(url),
    createdAtMs: timeMs(comment['created_at']) ?? 0,
    isEdited: comment['updated_at'] !== comment['created_at'],
    author:
      typeof user['id'] === 'number'
        ? { id: user['id'], login: text(user['login']), isBot: user['type'] === 'Bot' }
        : undefined,
  };
}

export function commentRef(comment: Fields): CommentRef {
  return { id: count(comment['id']), url: text(comment['html_url']) };
}

export function checkRef(check: Fields): { id: number; url: string | undefined } {
  return { id: count(check['id']), url: text(check['html_url']) || undefined };
}

const count = (value: unknown): number => number(value) ?? 0;
