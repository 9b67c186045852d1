/**
 * What the bundles hold in place of the SDK's credential chain: a deployed function has its credentials in the environment and hands
 * them over itself, and the chain (profiles, SSO, web identity, instance metadata) would be a fifth of a worker's code.
 */
export function defaultProvider(): never {
  throw new Error('credentials are given from the environment: nothing else is bundled');
}
