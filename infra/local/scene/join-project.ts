/** Stores the project and registers its Horreum actions with their URL tokens, as `perf-bot config apply` and `perf-bot horreum connect` do. */
import { projectUrls, storeProject } from '../../../lib/bot/operator/admin.ts';
import { createHorreumAdmin } from '../../../lib/horreum/horreum-admin.ts';
import { createOutsideCall } from '../../../lib/http/outside-call.ts';
import { adminDeps } from '../../../lib/wiring/admin.ts';
import type { HorreumStandIn } from '../horreum/horreum-stand-in.ts';
import type { LocalEnvironment } from '../server/local-environment.ts';

/** The answer is where the project's jobs call back. */
export async function joinProject(
  local: LocalEnvironment,
  horreum: HorreumStandIn,
  file: Readonly<Record<string, unknown>>,
  events: readonly string[],
): Promise<string> {
  const admin = await adminDeps(local.environment).admin();
  await storeProject(admin, file, { skipChecks: true });
  const urls = await projectUrls(admin, String(file['repoFullName']));
  const horreumAdmin = createHorreumAdmin({
    call: createOutsideCall(),
    nowMs: () => Date.now(),
    baseUrl: horreum.url,
    apiKey: horreum.apiKey,
  });
  const wanted = urls.horreum.filter(
    ({ event, testId }, index) =>
      events.includes(event) &&
      urls.horreum.findIndex((other) => other.event === event && other.testId === testId) === index,
  );
  for (const { event, testId, url } of wanted) {
    const reachable = onLoopback(url);
    await horreumAdmin.allowSite(`${new URL(reachable).origin}/`);
    await horreumAdmin.createAction({ testId: Number(testId), event, url: reachable });
  }
  return onLoopback(urls.perflab);
}

/** The stand-ins listen there; `localhost` may be another address. */
function onLoopback(url: string): string {
  return url.replace('localhost', '127.0.0.1');
}
