/** The bundles' `crypto`: Node's own module, which has all of the global's functions; the global loads Web Crypto when it is first named. */
export { default as crypto } from 'node:crypto';
