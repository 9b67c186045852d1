/** Lists the certificate authorities that a connection trusts: the public ones, and a private one that the operator adds. */
import { Agent } from 'node:https';
import { getCACertificates, rootCertificates } from 'node:tls';

/** Reading all public certificates takes some 10 ms, so it is done once for each private authority. */
const agents = new Map<string, Agent>();

/** Connects with trust in `ca`, certificates in PEM, too. */
export function agentTrusting(ca: string): Agent {
  const agent = agents.get(ca) ?? new Agent({ keepAlive: true, ca: trustedCertificates(ca) });
  agents.set(ca, agent);
  return agent;
}

/** What `NODE_EXTRA_CA_CERTS` names counts as public. https://nodejs.org/api/tls.html#tlsgetcacertificatestype */
export function trustedCertificates(ca: string): string[] {
  // Node 20 has no getCACertificates.
  const ofEverybody = (getCACertificates as typeof getCACertificates | undefined)?.('default');
  return [...(ofEverybody ?? rootCertificates), ca];
}
