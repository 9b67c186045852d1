/** Argo CD in the scene, with the bot's two resource actions installed. */
import { startArgoCdStandIn } from '../../argo-cd/argo-cd-stand-in.ts';
import { argoRuns, argoTemplates } from './argo-templates.ts';
import { watchServer, type SceneLab, type SceneLabOptions } from './scene-lab.ts';

const PLACE = { application: 'lab', project: 'perf', namespace: 'perf' };
const TOKEN = 'argo-cd-token-of-the-scene';

export async function startArgoCdLab(options: SceneLabOptions): Promise<SceneLab> {
  const argo = await startArgoCdStandIn({
    ...PLACE,
    templates: argoTemplates(options),
    token: TOKEN,
    speed: options.speed,
    clock: options.clock,
  });
  const platform = 'argo-cd';
  return {
    ...watchServer(
      argo,
      ({ path, body }) => path.endsWith('/resource/actions/v2') && body.includes('"perf-bot-run"'),
    ),
    platform,
    product: 'Argo CD',
    secrets: [TOKEN],
    projectPart: { labs: { cluster: { platform, url: argo.url, apiKey: TOKEN, settings: PLACE } } },
    jobPart: (platformJobId) => ({ lab: 'cluster', platformJobId }),
    runs: () => argoRuns(argo.engine),
  };
}
