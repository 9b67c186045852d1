/** Which comments are the App's own: anybody can write its marker. */
import { isStatus } from '../http/upstream-error.ts';
import type { GitHubApp } from './github-app.ts';
import { object, text, type Fields } from './read-fields.ts';

/** Without a login to go by, any bot's: a person's is never taken for ours. */
export function isBy(user: Fields, ownLogin: string | undefined): boolean {
  return ownLogin === undefined ? user['type'] === 'Bot' : text(user['login']) === ownLogin;
}

const ownLogins = new WeakMap<GitHubApp, Promise<string | undefined>>();

/** `<slug>[bot]`: who the App's comments are by; undefined where that is not to be learned. */
export function ownLoginOf(app: GitHubApp): Promise<string | undefined> {
  const known =
    ownLogins.get(app) ??
    app.requestAsApp('GET /app', {}).then(
      ({ data }) => {
        const slug = text(object(data)['slug']);
        return slug === '' ? undefined : `${slug}[bot]`;
      },
      (error: unknown) => {
        if (isStatus(error, 404)) return undefined;
        throw error;
      },
    );
  ownLogins.set(app, known);
  known.catch(() => ownLogins.delete(app));
  return known;
}
