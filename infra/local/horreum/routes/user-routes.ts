/** Serves the version, roles and API keys. */
import { asText, readJsonBody } from '../store/read-value.ts';
import { randomUUID } from 'node:crypto';
import type { ApiKey } from '../api/callers.ts';
import { empty, json, text } from '../api/http-answer.ts';
import type { Horreum, Route } from '../api/router.ts';

export function userRoutes({ nowMs }: Horreum, keys: ApiKey[], version: string): Route[] {
  const startTimestamp = nowMs();
  return [
    {
      method: 'GET',
      path: '/api/config/version',
      handle: () => json({ version, commit: 'stand-in', startTimestamp, privacyStatement: null }),
    },
    {
      method: 'GET',
      path: '/api/user/roles',
      role: 'any',
      handle: ({ caller }) => json(caller.kind === 'user' ? caller.roles : []),
    },
    {
      method: 'POST',
      path: '/api/user/apikey',
      role: 'any',
      handle: ({ body, caller }) => {
        const key = `HUSR_${randomUUID().toUpperCase().replaceAll('-', '_')}`;
        const name = asText(readJsonBody(body)?.['name'], 'unnamed');
        keys.push({ key, name, roles: caller.kind === 'user' ? caller.roles : [] });
        return text(200, key);
      },
    },
    {
      method: 'GET',
      path: '/api/user/apikey',
      role: 'any',
      handle: () =>
        json(
          keys.map(({ name }, index) => ({
            id: index + 1,
            name,
            type: 'USER',
            creation: startTimestamp,
            access: null,
            isRevoked: false,
            toExpiration: 30,
          })),
        ),
    },
    {
      method: 'PUT',
      path: '/api/user/apikey/{id}/revoke',
      role: 'any',
      handle: ({ id }) => {
        if (!keys[id - 1]) return text(404, `Key with id ${id} not found`);
        keys[id - 1] = { key: randomUUID(), name: 'revoked', roles: [] };
        return empty(204);
      },
    },
  ];
}
