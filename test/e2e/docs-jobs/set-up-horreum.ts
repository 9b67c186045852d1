/** Horreum as the pages set it up: `setup.sh` as written, and the runs of main that the job has uploaded since. */
import { fileURLToPath } from 'node:url';
import type { HorreumStandIn } from '../../../infra/local/horreum/horreum-stand-in.ts';
import type { HorreumTest } from '../../../infra/local/scene/scene-project.ts';
import type { LabMachine } from './lab-machine.ts';
import { measure } from './measure.ts';

const SETUP_SCRIPT = fileURLToPath(new URL('../../../docs/perflab/horreum/setup.sh', import.meta.url));
const RUNS_OF_MAIN = 20;
const SIX_HOURS_MS = 6 * 60 * 60 * 1000;

export async function setUpHorreum(horreum: HorreumStandIn, machine: LabMachine): Promise<HorreumTest> {
  const printed: string[] = [];
  const env = { HORREUM_URL: horreum.url, HORREUM_API_KEY: horreum.apiKey, TEAM: 'dev-team' };
  const folder = await machine.newWorkspace();
  await machine.run(['sh', SETUP_SCRIPT], { folder, env, log: (line) => void printed.push(line) });
  const text = printed.join('\n');
  const testId = Number(/^Test (\d+) is ready/m.exec(text)?.[1]);
  const viewId = Number(/view (\d+) {2}Perf Bot$/m.exec(text)?.[1]);
  for (let index = 0; index < RUNS_OF_MAIN; index += 1) await uploadMain(horreum, index);
  return { testId, viewId };
}

async function uploadMain(horreum: HorreumStandIn, index: number): Promise<void> {
  const startMs = Date.now() - (RUNS_OF_MAIN - index) * SIX_HOURS_MS;
  const state = {
    PERF_BOT_RUN: '',
    REPO_FULL_NAME: 'acme/webshop',
    PULL_REQUEST_NUMBER: '',
    APP_COMMIT: 'main',
    JOB_ID: 'getting-started',
  };
  const query =
    'test=getting-started&schema=uri:getting-started:0.1&start=$.timestamps.start&stop=$.timestamps.stop&owner=dev-team&access=PUBLIC';
  const answer = await fetch(`${horreum.url}/api/run/data?${query}`, {
    method: 'POST',
    headers: { 'x-horreum-api-key': horreum.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ ...measure(`main-${index}`, 1, startMs), state }),
  });
  if (answer.status !== 202) throw new Error(`Horreum answered ${answer.status}: ${await answer.text()}`);
}
