/** Reads where a delivery comes from and who caused it. */
import { at, numberAt, textAt } from '../json.ts';
import type { Person } from './github.ts';

type Path = readonly (string | number)[];

export function originIn(payload: unknown) {
  const repository = repositoryIn(payload, 'repository');
  const installationId = numberAt(payload, 'installation', 'id');
  return repository && installationId !== undefined ? { repository, installationId } : undefined;
}

export function repositoryIn(value: unknown, ...path: Path) {
  const id = numberAt(value, ...path, 'id');
  const fullName = textAt(value, ...path, 'full_name');
  const isPrivate = at(value, ...path, 'private') === true;
  return id !== undefined && fullName !== undefined ? { id, fullName, private: isPrivate } : undefined;
}

export function personIn(value: unknown, ...path: Path): Person | undefined {
  const id = numberAt(value, ...path, 'id');
  const login = textAt(value, ...path, 'login');
  return id !== undefined && login !== undefined ? { id, login } : undefined;
}

export function isBot(value: unknown, ...path: Path): boolean {
  return textAt(value, ...path, 'type') === 'Bot' || !!textAt(value, ...path, 'login')?.endsWith('[bot]');
}
