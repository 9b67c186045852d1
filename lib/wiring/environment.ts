/** Describes where a function runs: its variables, its secrets, its clock and its log. Lambda and the local server each make one. */
import type { ProjectSecretStore } from '../bot/projects/project-store.ts';
import type { GitHubAppKey } from '../github/octokit-app.ts';
import { PUBLIC_GITHUB_API_URL, type Environment } from '../settings.ts';

export interface BotEnvironment {
  readonly variables: Environment;
  /** Takes whole log lines. */
  readonly sink: (line: string) => void;
  readonly nowMs: () => number;
  /** Newest first; empty until the operator has set it. */
  readonly gitHubWebhookSecrets: () => Promise<readonly string[]>;
  readonly urlTokenSecrets: () => Promise<readonly string[]>;
  readonly gitHubApp: () => Promise<GitHubAppKey | undefined>;
  readonly projectSecrets: ProjectSecretStore;
  /** PEM certificates that all labs' connections trust, beside the public ones. */
  readonly labCa: () => Promise<string | undefined>;
}

/** The App's key, with the private authority that a GitHub Enterprise Server may have. */
export async function gitHubAppKey(
  { gitHubApp, labCa }: BotEnvironment,
  apiUrl: string,
): Promise<GitHubAppKey | undefined> {
  const key = await gitHubApp();
  return key && apiUrl !== PUBLIC_GITHUB_API_URL ? { ...key, ca: await labCa() } : key;
}

/** Secrets may be given as a comma-separated list during a rotation. */
export function secretList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
}
