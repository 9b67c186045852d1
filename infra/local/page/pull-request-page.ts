/** Serves pages that show the stand-in's pull requests as GitHub does, and on which you can act as any of its people. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import { fullName, isPull, pullsOf, type Issue, type Repository } from '../github/state/records.ts';
import { urlOf } from '../server/http-door.ts';
import { galleryPage } from './gallery/gallery-page.ts';
import { html } from './shell/html.ts';
import { listView } from './list-view.ts';
import { PageRefusal, actOn, checkSameOrigin, openFromForm, readForm } from './page-actions.ts';
import {
  inTheme,
  MARKDOWN_STYLE_PATH,
  markdownStyle,
  renderPage,
  SAFE_HEADERS,
  THEMES,
  type Page,
} from './shell/page-shell.ts';
import { actForm, livePartsOf, pageTitle, versionOf } from './pull-view.ts';
import { pullPath } from './view.ts';

export interface PullRequestPageOptions {
  /** Host names under which forms are accepted, besides this machine's own. */
  readonly allowedHosts?: readonly string[];
}

/** True: the request was this page's and is being answered. */
export type PullRequestPage = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Target {
  readonly issue?: Issue;
  readonly repository?: Repository;
  /** What follows the number in the path. */
  readonly rest: string;
}

export function createPullRequestPage(
  github: GitHubStandIn,
  options: PullRequestPageOptions = {},
): PullRequestPage {
  const style = markdownStyle();
  return (request, response) => {
    const url = urlOf(request);
    if (url.pathname === MARKDOWN_STYLE_PATH) {
      response
        .writeHead(200, { ...SAFE_HEADERS, 'content-type': 'text/css', 'cache-control': 'max-age=3600' })
        .end(inTheme(style, themeOf(url)));
      return true;
    }
    if (request.method === 'POST') return answerPost(github, options, url, request, response);
    if (request.method !== 'GET') return false;
    if (url.pathname === '/gallery') return answerGallery(url, response);
    return answerGet(github, url, response);
  };
}

function answerGallery(url: URL, response: ServerResponse): boolean {
  galleryPage(themeOf(url)).then(
    ({ text, headers }) => response.writeHead(200, headers).end(text),
    () => send(response, 500, { title: 'Not shown', main: html`<p class="refusal">That did not work.</p>` }),
  );
  return true;
}

function themeOf(url: URL) {
  return THEMES.find((theme) => theme === url.searchParams.get('theme'));
}

function answerGet(github: GitHubStandIn, url: URL, response: ServerResponse): boolean {
  const isVersion = /(^|\/)version$/.test(url.pathname);
  const path = url.pathname.replace(/\/version$/, '') || '/';
  const target = targetOf(github, path);
  const page =
    path === '/'
      ? listPage(github)
      : target?.issue && target.rest === ''
        ? pullPage(github, target.issue, url)
        : undefined;
  if (!page) return followRunLink(github, path, response);
  if (isVersion) {
    const headers = { ...SAFE_HEADERS, 'content-type': 'application/json' };
    response.writeHead(200, headers).end(JSON.stringify({ version: page.version }));
  } else send(response, 200, page);
  return true;
}

/** Where the API's link of a check run leads: to its pull request. */
function followRunLink(github: GitHubStandIn, path: string, response: ServerResponse): boolean {
  const [, name, id] = /^\/([^/]+\/[^/]+)\/runs\/(\d+)$/.exec(path) ?? [];
  const run = github.checkRuns().find((one) => one.id === Number(id) && fullName(one.repository) === name);
  const pull = run && pullsOf(run.repository).find(({ headSha }) => headSha === run.headSha);
  if (!pull) return false;
  response.writeHead(302, { ...SAFE_HEADERS, location: pullPath(pull) }).end();
  return true;
}

function listPage(github: GitHubStandIn): Page {
  const list = listView(github);
  const main = html`<h1 class="pull-title">Pull requests</h1>
    ${list}`;
  return { title: 'Pull requests · GitHub stand-in', main, versionUrl: '/version', version: versionOf(list) };
}

function pullPage(github: GitHubStandIn, issue: Issue, url: URL): Page {
  const { parts, version } = livePartsOf(github, issue);
  const form = actForm(github, issue, url.searchParams.get('as') ?? undefined);
  const main = html`<p class="crumbs">${fullName(issue.repository)}</p>
    ${parts}${form}`;
  return {
    title: pageTitle(issue),
    main,
    version,
    versionUrl: `${url.pathname.replace(/\/version$/, '')}/version`,
  };
}

function answerPost(
  github: GitHubStandIn,
  options: PullRequestPageOptions,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const target = targetOf(github, url.pathname);
  if (!target) return false;
  const act = async () => {
    checkSameOrigin(request, options.allowedHosts ?? []);
    const form = await readForm(request);
    response.writeHead(303, { ...SAFE_HEADERS, location: perform(github, target, form) }).end();
  };
  act().catch((error: unknown) => {
    const known = error instanceof PageRefusal;
    const main = html`<p class="refusal">${known ? error.message : 'That did not work.'}</p>`;
    send(response, known ? 422 : 500, { title: 'Not done', main });
  });
  return true;
}

/** Gives the address of the page to show next. */
function perform(github: GitHubStandIn, target: Target, form: URLSearchParams): string {
  if (target.issue) {
    actOn(github, target.issue, target.rest, form);
    const as = encodeURIComponent(form.get('login') ?? '');
    return `${pullPath(target.issue)}?as=${as}`;
  }
  if (target.repository && target.rest === 'pulls') return openFromForm(github, target.repository, form);
  throw new PageRefusal('This form does not exist.');
}

function targetOf(github: GitHubStandIn, path: string): Target | undefined {
  const [, name, kind, number, rest] =
    /^\/([^/]+\/[^/]+)\/(pulls?|issues)(?:\/(\d+)(?:\/(.+))?)?$/.exec(path) ?? [];
  const repository = github.state.repositories.find((one) => fullName(one) === name);
  if (!repository) return undefined;
  if (kind === 'pulls') return { repository, rest: 'pulls' };
  const issue = repository.issues.get(Number(number));
  return issue && isPull(issue) === (kind === 'pull') ? { issue, rest: rest ?? '' } : undefined;
}

function send(response: ServerResponse, status: number, page: Page): void {
  const { text, headers } = renderPage(page);
  response.writeHead(status, headers).end(text);
}
