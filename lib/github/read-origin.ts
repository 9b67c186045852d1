/** Where a delivery comes from and who caused it. */
import type { Person } from './github.ts';
import { number, object, text, type Fields } from './read-fields.ts';

export function originOf(fields: Fields) {
  const repository = repositoryOf(fields['repository']);
  const installationId = number(object(fields['installation'])['id']);
  return repository && installationId !== undefined ? { repository, installationId } : undefined;
}

export function repositoryOf(value: unknown) {
  const fields = object(value);
  const id = number(fields['id']);
  const fullName = text(fields['full_name']);
  return id !== undefined && fullName ? { id, fullName, private: fields['private'] === true } : undefined;
}

export function person(value: unknown): Person | undefined {
  const fields = object(value);
  const id = number(fields['id']);
  const login = text(fields['login']);
  return id !== undefined && login ? { id, login } : undefined;
}

export function isBot(value: unknown): boolean {
  const fields = object(value);
  return fields['type'] === 'Bot' || text(fields['login']).endsWith('[bot]');
}
