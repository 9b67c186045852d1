/** Translates between the bodies of GitHub's REST API and the bot's own terms. */
import { at, numberAt, textAt, timeMsAt, withoutUndefined } from '../json.ts';
import {
  PERMISSION_LEVELS,
  type CheckRun,
  type CommentRef,
  type CommitComparison,
  type ListedComment,
  type Permission,
  type PullRequest,
  type RepositoryRef,
} from './github.ts';
import { isBot, personIn } from './read-origin.ts';

/** `asked`: the repository that was asked for it. */
export function pullRequestIn(pull: unknown, asked: RepositoryRef): PullRequest {
  return {
    state: textAt(pull, 'state') === 'open' ? 'open' : 'closed',
    merged: at(pull, 'merged') === true,
    headSha: textAt(pull, 'head', 'sha') ?? '',
    headRepositoryId: headRepositoryIdIn(pull, asked),
    headRepositoryPushedAtMs: timeMsAt(pull, 'head', 'repo', 'pushed_at'),
    baseRef: textAt(pull, 'base', 'ref') ?? '',
    baseSha: textAt(pull, 'base', 'sha') ?? '',
  };
}

/** Undefined for a fork that is gone; where GitHub gives no id, the name decides whether it is the repository itself. */
function headRepositoryIdIn(pull: unknown, asked: RepositoryRef): number | undefined {
  const name = textAt(pull, 'head', 'repo', 'full_name');
  const isAsked = name?.toLowerCase() === asked.fullName.toLowerCase();
  return numberAt(pull, 'head', 'repo', 'id') ?? (isAsked ? asked.id : undefined);
}

export function comparisonIn(answer: unknown): CommitComparison {
  const status = (['identical', 'ahead', 'behind', 'diverged'] as const).find(
    (known) => known === textAt(answer, 'status'),
  );
  return {
    status: status ?? 'diverged',
    aheadBy: numberAt(answer, 'ahead_by') ?? 0,
    mergeBaseSha: textAt(answer, 'merge_base_commit', 'sha') ?? '',
  };
}

export function permissionIn(answer: unknown): Permission {
  const [role, permission] = [textAt(answer, 'role_name'), textAt(answer, 'permission')];
  return (
    PERMISSION_LEVELS.find((level) => level === role) ??
    PERMISSION_LEVELS.find((level) => level === permission) ??
    'none'
  );
}

export function listedCommentIn(comment: unknown): ListedComment {
  const { id, url } = commentRefIn(comment);
  const author = personIn(comment, 'user');
  return {
    id,
    body: textAt(comment, 'body') ?? '',
    url,
    number: Number(/\/(\d+)$/.exec(textAt(comment, 'issue_url') ?? '')?.[1] ?? 0),
    onPullRequest: /\/pull\/\d+#/.test(url),
    createdAtMs: timeMsAt(comment, 'created_at') ?? 0,
    isEdited: textAt(comment, 'updated_at') !== textAt(comment, 'created_at'),
    author: author && { ...author, isBot: isBot(comment, 'user') },
  };
}

export function commentRefIn(comment: unknown): CommentRef {
  return { id: numberAt(comment, 'id') ?? 0, url: textAt(comment, 'html_url') ?? '' };
}

export function checkRefIn(check: unknown): { id: number; url: string | undefined } {
  return { id: numberAt(check, 'id') ?? 0, url: textAt(check, 'html_url') };
}

/** https://docs.github.com/en/rest/checks/runs */
export function checkRunBody(check: CheckRun, nowMs: number) {
  const { name, externalId, status, detailsUrl, startedAtMs, conclusion, title, summary, text, actions } =
    check;
  return withoutUndefined({
    name,
    external_id: externalId,
    status,
    details_url: detailsUrl,
    started_at: startedAtMs === undefined ? undefined : isoOf(startedAtMs),
    conclusion,
    completed_at: conclusion === undefined ? undefined : isoOf(nowMs),
    output: withoutUndefined({ title, summary, text }),
    actions: actions?.length === 0 ? undefined : actions,
  });
}

const isoOf = (timeMs: number) => new Date(timeMs).toISOString();
