/** Turns a signed delivery into the event that the bot acts on, or into the reason why it does not. Any field may be missing. */
import { at, listAt, numberAt, own, textAt, timeMsAt } from '../json.ts';
import { runKeyIn, runKeyOfAttempt } from '../run-name.ts';
import type { AccountEvent, Delivery, GitHubEvent } from './events.ts';
import { isBot, originIn, personIn, repositoryIn } from './read-origin.ts';

export type Picked =
  | { readonly kind: 'act'; readonly delivery: Delivery }
  | { readonly kind: 'ignore'; readonly reason: string };

const ignore = (reason: string): Picked => ({ kind: 'ignore', reason });

/** `prompt` is the word that starts a command, such as `/perf-bot`. */
export function pickEvent(eventName: string, payload: unknown, prompt: string): Picked {
  const reader = own(READERS, eventName);
  if (!reader) return ignore(`the bot does not act on ${eventName.slice(0, 60)}`);
  const picked = reader(payload, prompt);
  return typeof picked === 'string' ? ignore(picked) : { kind: 'act', delivery: picked };
}

const READERS: Readonly<Record<string, (payload: unknown, prompt: string) => Delivery | string>> = {
  issue_comment: readComment,
  pull_request: readPullRequest,
  check_run: readCheckRun,
  push: readPush,
  workflow_run: readWorkflowRun,
  installation: readInstallation,
  installation_repositories: readInstallationRepositories,
  repository: readRepository,
};

function readComment(payload: unknown, prompt: string): GitHubEvent | string {
  if (at(payload, 'action') !== 'created')
    return 'only new comments count; an edited or deleted one starts nothing';
  const origin = originIn(payload);
  if (!origin) return 'the delivery names no repository or installation';
  const body = textAt(payload, 'comment', 'body') ?? '';
  if (!mayHoldCommand(body, prompt)) return 'the comment holds no command';
  const user = at(payload, 'comment', 'user') ?? at(payload, 'sender');
  const author = personIn(user);
  const id = numberAt(payload, 'comment', 'id');
  const number = numberAt(payload, 'issue', 'number');
  if (!author || id === undefined || number === undefined)
    return 'the comment has no author, id or issue number';
  return {
    ...origin,
    kind: 'comment',
    number,
    onPullRequest: at(payload, 'issue', 'pull_request') != null,
    comment: {
      id,
      body,
      url: textAt(payload, 'comment', 'html_url') ?? '',
      createdAtMs: timeMsAt(payload, 'comment', 'created_at') ?? 0,
    },
    author: { ...author, isBot: isBot(user) },
  };
}

/** Looks at line starts only, past characters that nobody sees; the worker decides what is a command and what is quoted. */
function mayHoldCommand(body: string, prompt: string): boolean {
  const seen = (text: string) => text.toLowerCase().replace(/\p{Cf}/gu, '');
  return seen(body)
    .split(/[\r\n]+/)
    .some((line) => /^[ \u00a0]{0,3}\S/.test(line) && line.trimStart().startsWith(seen(prompt)));
}

const PULL_REQUEST_ACTIONS = [
  'opened',
  'reopened',
  'ready_for_review',
  'synchronize',
  'labeled',
  'closed',
] as const;

function readPullRequest(payload: unknown): GitHubEvent | string {
  const action = PULL_REQUEST_ACTIONS.find((known) => known === at(payload, 'action'));
  if (!action) return 'nothing follows from this action';
  const origin = originIn(payload);
  const sender = personIn(payload, 'sender');
  const pull = at(payload, 'pull_request');
  const number = numberAt(pull, 'number') ?? numberAt(payload, 'number');
  const headSha = textAt(pull, 'head', 'sha');
  if (!origin || !sender || number === undefined || headSha === undefined)
    return 'the delivery lacks a repository, installation, sender or head';
  return {
    ...origin,
    kind: 'pull-request',
    action,
    number,
    headSha,
    baseRef: textAt(pull, 'base', 'ref') ?? '',
    fromFork: numberAt(pull, 'head', 'repo', 'id') !== origin.repository.id,
    draft: at(pull, 'draft') === true,
    label: textAt(payload, 'label', 'name'),
    sender,
    happenedAtMs: timeMsAt(pull, 'updated_at') ?? 0,
  };
}

function readCheckRun(payload: unknown): GitHubEvent | string {
  const action = at(payload, 'action');
  if (action !== 'requested_action' && action !== 'rerequested') return 'nobody clicked anything';
  const origin = originIn(payload);
  const sender = personIn(payload, 'sender');
  if (!origin || !sender) return 'the delivery lacks a repository, installation or sender';
  const runKey = textAt(payload, 'check_run', 'external_id') ?? '';
  if (runKeyOfAttempt(runKey) === undefined) return "the check run is another app's";
  return {
    ...origin,
    kind: 'check-button',
    identifier: action === 'rerequested' ? action : (textAt(payload, 'requested_action', 'identifier') ?? ''),
    runKey,
    headSha: textAt(payload, 'check_run', 'head_sha') ?? '',
    sender: { ...sender, isBot: isBot(payload, 'sender') },
  };
}

/** A message of the queue has its limit, and a push may name thousands of files. */
const MAX_PATH_CHARS = 200_000;

function readPush(payload: unknown): GitHubEvent | string {
  const origin = originIn(payload);
  const sender = personIn(payload, 'sender');
  const branch = /^refs\/heads\/(.+)$/.exec(textAt(payload, 'ref') ?? '')?.[1];
  const headSha = textAt(payload, 'after') ?? '';
  if (!origin || !sender || !branch) return 'not a push to a branch';
  if (at(payload, 'deleted') === true || /^0*$/.test(headSha)) return 'the branch was deleted';
  const changed = listAt(payload, 'commits').flatMap((commit) =>
    ['added', 'modified', 'removed'].flatMap((how) => listAt(commit, how).map((path) => textAt(path) ?? '')),
  );
  return {
    ...origin,
    kind: 'push',
    branch,
    headSha,
    sender,
    changedPaths: withinChars([...new Set(changed)], MAX_PATH_CHARS),
  };
}

/** The first texts, up to this many characters together. */
function withinChars(texts: readonly string[], maxChars: number): string[] {
  let chars = 0;
  return texts.filter((one) => (chars += one.length) <= maxChars);
}

function readWorkflowRun(payload: unknown): GitHubEvent | string {
  const origin = originIn(payload);
  const displayTitle = textAt(payload, 'workflow_run', 'display_title') ?? '';
  if (!origin) return 'the delivery lacks a repository or installation';
  if (runKeyIn(displayTitle) === undefined) return "the workflow run is not the bot's";
  return { ...origin, kind: 'platform-run', displayTitle };
}

const INSTALLATION_ACTIONS = [
  'created',
  'deleted',
  'suspend',
  'unsuspend',
  'new_permissions_accepted',
] as const;

function readInstallation(payload: unknown): AccountEvent | string {
  const action = INSTALLATION_ACTIONS.find((known) => known === at(payload, 'action'));
  const installationId = numberAt(payload, 'installation', 'id');
  if (!action || installationId === undefined) return 'nothing follows from this action';
  return { kind: 'installation', action, installationId };
}

function readInstallationRepositories(payload: unknown): AccountEvent | string {
  const removed = listAt(payload, 'repositories_removed').flatMap((entry) => repositoryIn(entry) ?? []);
  return { kind: 'installation-repositories', removed };
}

const REPOSITORY_ACTIONS = ['renamed', 'transferred', 'deleted', 'privatized', 'publicized'] as const;

function readRepository(payload: unknown): AccountEvent | string {
  const action = REPOSITORY_ACTIONS.find((known) => known === at(payload, 'action'));
  const origin = originIn(payload);
  if (!action || !origin) return 'nothing follows from this action';
  return { kind: 'repository', action, ...origin };
}
