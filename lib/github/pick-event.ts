/** From a signed delivery to the event that the bot acts on, or the reason why it does not. Reads leniently: any field may be missing. */
import type { Delivery, GitHubEvent } from './events.ts';
import { readInstallation, readInstallationRepositories, readRepository } from './pick-account-event.ts';
import { list, number, object, text, timeMs, type Fields } from './read-fields.ts';
import { isBot, originOf, person } from './read-origin.ts';
import { own } from '../json.ts';

export type Picked =
  | { readonly kind: 'act'; readonly delivery: Delivery }
  | { readonly kind: 'ignore'; readonly reason: string };

const ignore = (reason: string): Picked => ({ kind: 'ignore', reason });

/** `prompt` is the word that starts a command, such as `/perf-bot`. */
export function pickEvent(eventName: string, payload: unknown, prompt: string): Picked {
  const fields = object(payload);
  const reader = own(READERS, eventName);
  if (!reader) return ignore(`the bot does not act on ${eventName.slice(0, 60)}`);
  const picked = reader(fields, prompt);
  return typeof picked === 'string' ? ignore(picked) : { kind: 'act', delivery: picked };
}

const READERS: Readonly<Record<string, (fields: Fields, prompt: string) => Delivery | string>> = {
  issue_comment: readComment,
  pull_request: readPullRequest,
  check_run: readCheckRun,
  push: readPush,
  workflow_run: readWorkflowRun,
  installation: readInstallation,
  installation_repositories: readInstallationRepositories,
  repository: readRepository,
};

function readComment(fields: Fields, prompt: string): GitHubEvent | string {
  if (fields['action'] !== 'created')
    return 'only new comments count; an edited or deleted one starts nothing';
  const origin = originOf(fields);
  if (!origin) return 'the delivery names no repository or installation';
  const issue = object(fields['issue']);
  const comment = object(fields['comment']);
  const body = text(comment['body']);
  if (!mayHoldCommand(body, prompt)) return 'the comment holds no command';
  const author = person(comment['user'] ?? fields['sender']);
  const id = number(comment['id']);
  const issueNumber = number(issue['number']);
  if (!author || id === undefined || issueNumber === undefined)
    return 'the comment has no author, id or issue number';
  return {
    ...origin,
    kind: 'comment',
    number: issueNumber,
    onPullRequest: issue['pull_request'] != null,
    comment: { id, body, url: text(comment['html_url']), createdAtMs: timeMs(comment['created_at']) ?? 0 },
    author: { ...author, isBot: isBot(comment['user'] ?? fields['sender']) },
  };
}

/** A quick look at line starts only; what is a command and what is quoted is decided by the worker. */
function mayHoldCommand(body: string, prompt: string): boolean {
  return body
    .toLowerCase()
    .split(/[\r\n]+/)
    .some((line) => /^ {0,3}\S/.test(line) && line.trimStart().startsWith(prompt.toLowerCase()));
}

const PULL_REQUEST_ACTIONS = [
  'opened',
  'reopened',
  'ready_for_review',
  'synchronize',
  'labeled',
  'closed',
] as const;

function readPullRequest(fields: Fields): GitHubEvent | string {
  const action = PULL_REQUEST_ACTIONS.find((known) => known === fields['action']);
  if (!action) return 'nothing follows from this action';
  const origin = originOf(fields);
  const sender = person(fields['sender']);
  const pull = object(fields['pull_request']);
  const head = object(pull['head']);
  const pullNumber = number(pull['number']) ?? number(fields['number']);
  const headSha = text(head['sha']);
  if (!origin || !sender || pullNumber === undefined || !headSha)
    return 'the delivery lacks a repository, installation, sender or head';
  return {
    ...origin,
    kind: 'pull-request',
    action,
    number: pullNumber,
    headSha,
    baseRef: text(object(pull['base'])['ref']),
    fromFork: number(object(head['repo'])['id']) !== origin.repository.id,
    draft: pull['draft'] === true,
    label: text(object(fields['label'])['name']) || undefined,
    sender,
    happenedAtMs: timeMs(pull['updated_at']) ?? 0,
  };
}

function readCheckRun(fields: Fields): GitHubEvent | string {
  const action = fields['action'];
  if (action !== 'requested_action' && action !== 'rerequested') return 'nobody clicked anything';
  const origin = originOf(fields);
  const sender = person(fields['sender']);
  const check = object(fields['check_run']);
  const checkRunId = number(check['id']);
  const runKey = text(check['external_id']);
  if (!origin || !sender || checkRunId === undefined)
    return 'the delivery lacks a repository, installation or sender';
  if (!/^pb-[a-z2-7]{26}(-\d+)?$/.test(runKey)) return "the check run is another app's";
  const identifier =
    action === 'rerequested' ? 'rerequested' : text(object(fields['requested_action'])['identifier']);
  return {
    ...origin,
    kind: 'check-button',
    identifier,
    checkRunId,
    runKey,
    headSha: text(check['head_sha']),
    sender: { ...sender, isBot: isBot(fields['sender']) },
  };
}

/** A message of the queue has its limit, and a push may name thousands of files. */
const MAX_PATH_CHARS = 200_000;

function readPush(fields: Fields): GitHubEvent | string {
  const origin = originOf(fields);
  const sender = person(fields['sender']);
  const branch = /^refs\/heads\/(.+)$/.exec(text(fields['ref']))?.[1];
  const headSha = text(fields['after']);
  if (!origin || !sender || !branch) return 'not a push to a branch';
  if (fields['deleted'] === true || /^0*$/.test(headSha)) return 'the branch was deleted';
  const changed = list(fields['commits']).flatMap((commit) =>
    ['added', 'modified', 'removed'].flatMap((how) => list(object(commit)[how]).map(text)),
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

function readWorkflowRun(fields: Fields): GitHubEvent | string {
  const origin = originOf(fields);
  const run = object(fields['workflow_run']);
  const id = number(run['id']);
  const displayTitle = text(run['display_title']);
  if (!origin || id === undefined) return 'the delivery lacks a repository, installation or run';
  if (!/\bpb-[a-z2-7]{26}/.test(displayTitle)) return "the workflow run is not the bot's";
  return { ...origin, kind: 'platform-run', platformRunId: String(id), displayTitle };
}

/** As many of the texts, from the first, as have so many characters together. */
function withinChars(texts: readonly string[], maxChars: number): string[] {
  let chars = 0;
  return texts.filter((one) => (chars += one.length) <= maxChars);
}
