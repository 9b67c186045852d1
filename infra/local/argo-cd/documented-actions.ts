/** The ConfigMap that the page on Argo CD gives operators to paste: the stand-in has it pasted. */
import { readFileSync } from 'node:fs';

const PAGE = new URL('../../../docs/perflab/argo-cd.md', import.meta.url);

export function documentedActions(): string {
  const [, configMap] = /^```yaml\n([\s\S]*?)^```$/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
  if (configMap === undefined) throw new Error('the page on Argo CD shows no ConfigMap');
  return configMap;
}
