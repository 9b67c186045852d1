/** Starts the scene's GitHub with its App, its repository and its people, and with the lab's routes where the lab is GitHub Actions. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { NewRepository } from '../github/acts/seed.ts';
import {
  startGitHubStandIn,
  type GitHubStandIn,
  type GitHubStandInOptions,
} from '../github/github-stand-in.ts';
import type { Repository } from '../github/state/records.ts';
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

let keyPair: { readonly privateKey: string; readonly publicKey: string } | undefined;

/** Made once in a process: it takes a while, and nobody but these worlds knows it. */
function appKeyPair() {
  keyPair ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return keyPair;
}

export type AppSecrets = ReturnType<typeof makeAppSecrets>;

export function makeAppSecrets() {
  const { privateKey, publicKey } = appKeyPair();
  const webhookSecret = randomBytes(20).toString('hex');
  return { appId: 4242, privateKeyPem: privateKey, publicKeyPem: publicKey, webhookSecret };
}

/** Ana may write, Mia maintains, and a newcomer has no right of any kind. */
export function peopleOf(github: GitHubStandIn, place: NewRepository): Repository {
  const repository = github.addRepository(place);
  for (const login of ['ana', 'mia', 'newcomer']) github.addUser({ login });
  github.setPermission(repository, 'ana', 'write');
  github.setPermission(repository, 'mia', 'maintain');
  return repository;
}
