/** A world whose lab and Horreum were made by the pages alone: their jobs, their set-up, their project file. */
import { startLocalWorld, type LocalWorld } from '../../../infra/local/scene/local-world.ts';
import type { Platform } from '../../../lib/perflab/job-executor.ts';
import { watchPull, type PullWatch } from '../watch-pull.ts';
import { JOBS, templateJob, type Secrets } from './documented-jobs.ts';
import { startLabMachine, type LabMachine, type LabMachineOptions } from './lab-machine.ts';
import { block } from '../../../infra/local/stand-in/lab-pages.ts';
import { RECEIVER_SECRET, startReceiver } from './receiver.ts';
import { setUpHorreum } from './set-up-horreum.ts';

export const JOB = 'getting-started';

/** The job of a page's project file, but for the names that only that page's lab has. */
function documentedFile(platform: Platform): Readonly<Record<string, unknown>> {
  const file = JSON.parse(block(`${platform}.md`, 'json', '"jobs"')) as {
    jobs: Record<string, Record<string, unknown>>;
  };
  const { platform: _, platformJobId: __, lab: ___, ...job } = file.jobs[JOB] ?? {};
  return { name: undefined, description: undefined, metrics: undefined, ...job };
}

interface Play {
  readonly world: LocalWorld;
  readonly machine: LabMachine;
  readonly pull: PullWatch;
}

export async function inDocumentedWorld(
  platform: Platform,
  lab: Pick<LabMachineOptions, 'slowdown' | 'buildFails'>,
  play: (play: Play) => Promise<void>,
): Promise<void> {
  const machine = await startLabMachine({ repoFullName: 'acme/webshop', ...lab });
  const secrets: { -readonly [Name in keyof Secrets]: Secrets[Name] } = { callbackUrl: '', horreumKey: '' };
  const { job, project, close } = await jobOn(platform, machine, () => secrets);
  let world: LocalWorld | undefined;
  try {
    world = await startLocalWorld({
      platform,
      jobs: [{ ...job, id: JOB, file: documentedFile(platform) }],
      project,
      setUpHorreum(horreum) {
        machine.connect('https://horreum.example.com', horreum.url);
        secrets.horreumKey = horreum.apiKey;
        return setUpHorreum(horreum, machine);
      },
    });
    secrets.callbackUrl = world.callbackUrl;
    await play({ world, machine, pull: watchPull(world.github, world.pullRequest) });
  } finally {
    await machine.release();
    await world?.close();
    close();
    await machine.close();
  }
}

/** `project`: fields of the project file that the scene's own lab does not have. */
async function jobOn(platform: Platform, machine: LabMachine, secrets: () => Secrets) {
  if (platform !== 'webhook')
    return { job: JOBS[platform](machine, secrets), project: {}, close: () => undefined };
  const { server, url } = await startReceiver(JOB, templateJob(machine, secrets).body);
  const bench = { platform, url, apiKey: RECEIVER_SECRET, settings: { answersStatus: 'yes' } };
  return { job: {}, project: { labs: { bench } }, close: () => void server.close() };
}
