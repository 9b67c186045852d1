/** Accepts a form only from the page itself, however a browser was talked into sending it. */
import type { IncomingMessage } from 'node:http';
import { PageRefusal } from './page-actions.ts';

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
