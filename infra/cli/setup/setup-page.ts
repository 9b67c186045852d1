/** Serves the page on this machine that registers the App, and that GitHub sends the browser back to with the code. */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError } from '../cli-error.ts';

export interface SetupPage {
  readonly url: string;
  readonly redirectUrl: string;
  /** Shows the form, waits for the code, hands it on, and shows the result. */
  serve<Result extends { readonly installUrl: string }>(form: SetupForm<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface SetupForm<Result> {
  /** At GitHub, with the state. */
  readonly action: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly state: string;
  /** Called once: a code is good for one use. */
  readonly onCode: (code: string) => Promise<Result>;
}

type Answer = (url: URL) => Promise<{ status: number; body: string }>;

export async function startSetupPage(port: number): Promise<SetupPage> {
  let answer: Answer = () => Promise.resolve({ status: 503, body: page('<p>Not ready yet.</p>') });
  const server = createServer((request, response) => {
    respond(request, response, (url) => answer(url)).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new CliError(`Cannot use port ${port}: ${error.message}`)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    redirectUrl: `${url}/created`,
    serve: (form) =>
      new Promise((resolve, reject) => {
        let used = false;
        answer = async ({ pathname, searchParams }) => {
          if (pathname === '/') return { status: 200, body: formPage(form) };
          if (pathname !== '/created') return { status: 404, body: page('<p>This page does not exist.</p>') };
          const code = searchParams.get('code') ?? '';
          if (!isSame(searchParams.get('state') ?? '', form.state) || !/^[\w-]{1,200}$/.test(code))
            return { status: 400, body: page('<p>This request does not come from this setup’s form.</p>') };
          if (used) return { status: 409, body: page('<p>This code has already been used.</p>') };
          used = true;
          try {
            const result = await form.onCode(code);
            resolve(result);
            return { status: 200, body: donePage(result.installUrl) };
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            return { status: 502, body: page('<p>Setup failed. The terminal says why.</p>') };
          }
        };
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  // A page under another name that resolves to this machine must not read the state.
  const isHere = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? '');
  const url = new URL(request.url ?? '/', 'http://localhost');
  const { status, body } =
    isHere && request.method === 'GET'
      ? await answer(url)
      : { status: 400, body: page('<p>Bad request.</p>') };
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    connection: 'close',
  });
  await new Promise<void>((resolve) => response.end(body, () => resolve()));
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}

function formPage({ action, manifest }: SetupForm<unknown>): string {
  const json = JSON.stringify(manifest);
  return page(`<p>GitHub shows the App’s permissions and asks for its name. Nothing is installed yet.</p>
<form method="post" action="${escape(action)}"><input type="hidden" name="manifest" value="${escape(json)}">
<button>Create the App on GitHub</button></form>
<pre>${escape(JSON.stringify(manifest, null, 2))}</pre>`);
}

function donePage(installUrl: string): string {
  return page(`<p>The App is registered, and its keys are stored.</p>
<p><a href="${escape(installUrl)}">Install it on your repositories</a></p>`);
}

function page(content: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Perf Bot: setup</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}pre{overflow:auto;background:#f6f8fa;padding:1rem}</style>
<h1>Perf Bot: setup</h1>${content}</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
