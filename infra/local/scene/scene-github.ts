/** The scene's GitHub: it knows the App, and where the lab is GitHub Actions, that too. */
import {
  startGitHubStandIn,
  type GitHubStandIn,
  type GitHubStandInOptions,
} from '../github/github-stand-in.ts';
import type { AppSecrets } from './app-secrets.ts';
import type { SceneLab } from './labs/scene-lab.ts';

const APP_EVENTS = ['issue_comment', 'pull_request'];

export function startSceneGitHub(
  { appId, publicKeyPem, webhookSecret }: AppSecrets,
  { inGitHub }: SceneLab,
  options: Partial<GitHubStandInOptions> = {},
): Promise<GitHubStandIn> {
  return startGitHubStandIn({
    appId,
    publicKeyPem,
    webhookSecret,
    ...options,
    ...(inGitHub && {
      extraRoutes: inGitHub.routes,
      events: [...(options.events ?? APP_EVENTS), ...inGitHub.events],
    }),
  });
}
