/** The secrets of the scene's GitHub App, made anew for each process. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';

let madeKey: string | undefined;

/** Made once in a process: it takes a while, and nobody but these worlds knows it. */
function appKey(): string {
  madeKey ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
  return madeKey;
}

export function makeSecrets() {
  return { app: { publicKeyPem: appKey(), webhookSecret: randomBytes(20).toString('hex') } };
}
