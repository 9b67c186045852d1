/** Takes the forms of the page: accepts them from the page itself only, and does what they ask for. */
import type { IncomingMessage } from 'node:http';
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import { isPull, type Issue, type Repository } from '../github/state/records.ts';
import { peopleOf, pullPath } from './view.ts';

/** A sentence for the person whose click cannot be obeyed. */
export class PageRefusal extends Error {
  override readonly name = 'PageRefusal';
}

const MAX_BODY_CHARACTERS = 65_536;

/** `action` is such as `comments`, `push` or `checks/12/actions`. */
export function actOn(github: GitHubStandIn, issue: Issue, action: string, form: URLSearchParams): void {
  const login = actingLogin(github, form);
  if (action === 'comments') {
    const body = form.get('body') ?? '';
    if (body.trim() === '') throw new PageRefusal('Write some text first.');
    if (body.length > MAX_BODY_CHARACTERS)
      throw new PageRefusal('The comment is too long (maximum is 65536 characters).');
    github.addComment(issue, login, body);
    return;
  }
  if (!isPull(issue)) throw new PageRefusal('This works on pull requests only.');
  const [, checkRunId, click] = /^checks\/(\d+)\/(actions|rerequest)$/.exec(action) ?? [];
  if (click) {
    refusing(() => {
      if (click === 'rerequest') github.rerequestCheckRun(Number(checkRunId), login);
      else github.clickCheckAction(Number(checkRunId), form.get('identifier') ?? '', login);
    });
    return;
  }
  const acts: Readonly<Record<string, () => void>> = {
    push: () => void github.pushTo(issue, {}, login),
    'force-push': () => void github.pushTo(issue, { force: true }, login),
    close: () => github.closePullRequest(issue, login),
    reopen: () => github.reopenPullRequest(issue, login),
    merge: () => github.mergePullRequest(issue, login),
    label: () => github.setLabel(issue, labelIn(form, 'new-label'), login),
    unlabel: () => github.removeLabel(issue, labelIn(form, 'label'), login),
  };
  const act = Object.hasOwn(acts, action) ? acts[action] : undefined;
  if (!act) throw new PageRefusal('This button does not exist.');
  refusing(act);
}

/** Opens a pull request and gives its address. */
export function openFromForm(github: GitHubStandIn, repository: Repository, form: URLSearchParams): string {
  const title = (form.get('title') ?? '').trim().slice(0, 256);
  if (title === '') throw new PageRefusal('A pull request needs a title.');
  const author = actingLogin(github, form);
  const headRef = `change-${repository.issues.size + 1}`;
  return pullPath(github.openPullRequest(repository, { author, title, headRef, fromFork: form.has('fork') }));
}

function actingLogin(github: GitHubStandIn, form: URLSearchParams): string {
  const person = peopleOf(github).find(({ login }) => login === form.get('login'));
  if (!person) throw new PageRefusal('Choose a person to act as.');
  return person.login;
}

function labelIn(form: URLSearchParams, field: string): string {
  const label = (form.get(field) ?? '').trim().slice(0, 50);
  if (label === '') throw new PageRefusal('A label needs a name.');
  return label;
}

function refusing(act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new PageRefusal(error instanceof Error ? error.message : 'That did not work.');
  }
}

const OWN_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];
const MAX_FORM_BYTES = 512 * 1024;

export function checkSameOrigin(request: IncomingMessage, allowedHosts: readonly string[]): void {
  const { host = '', origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin')
    throw new PageRefusal('This form came from another site and was refused.');
  if (origin !== undefined && hostOf(origin) !== host)
    throw new PageRefusal('This form came from another site and was refused.');
  // A foreign name that resolves to this machine is a foreign site, too.
  const name = host.replace(/:\d+$/, '');
  if (![...OWN_HOSTS, ...allowedHosts].includes(name))
    throw new PageRefusal('This page is not served under that host name.');
}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded'))
    throw new PageRefusal('The form was not sent as a form.');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_FORM_BYTES) throw new PageRefusal('The form is too large.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
