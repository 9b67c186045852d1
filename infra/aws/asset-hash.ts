/** What tells two states of a bundle apart. Compiled code is never written twice alike, so only for which Node it is counts. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function assetHash(bundleDir: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(bundleDir).sort()) {
    const content = name.endsWith('.cache') ? '' : readFileSync(join(bundleDir, name));
    hash.update(JSON.stringify(name)).update(createHash('sha256').update(content).digest());
  }
  return hash.digest('hex');
}
