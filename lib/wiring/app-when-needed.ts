/** The GitHub App before its key is there: what needs no GitHub (the table above all) need not wait for the secret store, which is asked at each call. */
import type { GitHubApp } from '../github/github-app.ts';

export function appWhenNeeded(appOf: () => Promise<GitHubApp>, nowMs: () => number): GitHubApp {
  return {
    nowMs,
    request: async (...given) => (await appOf()).request(...given),
    requestAsApp: async (...given) => (await appOf()).requestAsApp(...given),
    writesFromMs: async (...given) => (await appOf()).writesFromMs(...given),
    accessTo: async (...given) => (await appOf()).accessTo(...given),
    prepare: (...given) =>
      void appOf().then(
        (app) => app.prepare(...given),
        () => undefined, // the request itself will tell
      ),
  };
}
