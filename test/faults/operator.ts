/** What an operator asks of the admin API, and how they repeat what did not succeed. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { httpEvent } from '../functions/door.ts';
import type { World } from './world.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export function requestTo(method: Method, path: string, body?: object): APIGatewayProxyEventV2 {
  const [rawPath = '', query] = path.split('?');
  const event = httpEvent({ method, ...(body ? { body: JSON.stringify(body) } : {}) });
  return {
    ...event,
    rawPath,
    ...(query ? { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) } : {}),
  };
}

/** Nobody tries for longer. */
const MOST_ATTEMPTS = 6;
const BETWEEN_ATTEMPTS_MS = 60_000;

/** Asks until it is done, as long as a failure is the bot's or a system's, or the answer says to try again; gives that answer's body. */
export async function askUntilAnswered(
  { containers, clock }: World,
  method: Method,
  path: string,
  body?: object,
): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await containers.invoke('admin-api', requestTo(method, path, body));
    const { statusCode = 200, body: text = '' } =
      answer === 'killed' ? { statusCode: 502, body: 'the function was killed' } : answer;
    if (statusCode < 300) return JSON.parse(text || '{}');
    // What is gone at the second attempt, the first one has removed.
    if (statusCode === 404 && attempt > 1) return undefined;
    const isWorthATry = statusCode >= 500 || text.includes('ry again');
    if (!isWorthATry || attempt === MOST_ATTEMPTS)
      throw new Error(`${method} ${path}: ${statusCode} ${text}`);
    clock.skip(BETWEEN_ATTEMPTS_MS);
  }
}
