/** What the scene's GitHub App is proven by, made anew for each process. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';

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
