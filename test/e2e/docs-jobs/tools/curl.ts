/** As much of curl as the jobs use, in a network where the hosts of the pages are the stand-ins. */
import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    fail: { type: 'boolean', short: 'f' },
    silent: { type: 'boolean', short: 's' },
    'show-error': { type: 'boolean', short: 'S' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true },
    'data-binary': { type: 'string' },
    retry: { type: 'string' },
    'max-time': { type: 'string' },
  },
});
const asked = new URL(positionals[0] ?? '');
const hosts = JSON.parse(process.env['LAB_HOSTS'] ?? '{}') as Record<string, string>;
const isHere = asked.hostname === '127.0.0.1' || asked.hostname === 'localhost';
const origin = isHere ? asked.origin : hosts[asked.origin];
if (origin === undefined) stop(6, `Could not resolve host: ${asked.host}`);

const data = values['data-binary'];
const body = data?.startsWith('@') ? readFileSync(data === '@-' ? 0 : data.slice(1)) : data;
const answer = await send(Number(values.retry ?? 0));
appendFileSync(
  process.env['LAB_NETWORK_LOG'] ?? '/dev/null',
  `${answer.status} ${asked.origin}${asked.pathname}\n`,
);
process.stdout.write(Buffer.from(await answer.arrayBuffer()));
if (values.fail && answer.status >= 400) stop(22, `The requested URL returned error: ${answer.status}`);

async function send(retries: number): Promise<Response> {
  const request: RequestInit = {
    method: values.request ?? (body === undefined ? 'GET' : 'POST'),
    headers: (values.header ?? []).map((line) => line.split(/: ?/, 2) as [string, string]),
    signal: AbortSignal.timeout(Number(values['max-time'] ?? 60) * 1000),
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  };
  // The query goes out as it stands: curl does not encode it anew.
  const sent = await fetch(`${origin}${asked.pathname}${asked.search}`, request).catch(() => undefined);
  const isTransient = sent === undefined || [408, 429, 500, 502, 503, 504].includes(sent.status);
  if (isTransient && retries > 0) return send(retries - 1);
  return sent ?? stop(7, `Failed to connect to ${asked.host}`);
}

function stop(code: number, message: string): never {
  process.stderr.write(`curl: (${code}) ${message}\n`);
  process.exit(code);
}
