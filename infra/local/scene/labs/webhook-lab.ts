/** Brings a lab behind the signed webhook into the scene, which calls back when a run ends. */
import { startWebhookLabStandIn } from '../../webhook/webhook-lab-stand-in.ts';
import { sceneRun, watchServer, type SceneLab, type SceneLabOptions } from './scene-lab.ts';

const SECRET = 'the-secret-of-the-scene';

export async function startWebhookLab(options: SceneLabOptions): Promise<SceneLab> {
  const { jobs, parameters, speed, machines, answersStatus, clock } = options;
  const lab = await startWebhookLabStandIn({
    jobs: jobs.map(({ id, body }) => ({ name: id, parameters, run: body })),
    secret: SECRET,
    speed,
    clock,
    machines,
    answersStatus,
  });
  const platform = 'webhook';
  const settings = { answersStatus: answersStatus ? 'yes' : 'no' };
  return {
    ...watchServer(lab, ({ headers }) => headers['x-perf-bot-event'] === 'run.requested'),
    platform,
    product: 'the lab behind the signed webhook',
    secrets: [SECRET],
    projectPart: { labs: { bench: { platform, url: lab.url, apiKey: SECRET, settings } } },
    jobPart: (platformJobId) => ({ lab: 'bench', platformJobId }),
    runs: () => lab.runs.map((one) => sceneRun(one.parameters, one.run, one.cancelled)),
  };
}
