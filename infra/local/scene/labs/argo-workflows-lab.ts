/** Argo Workflows in the scene. */
import { startArgoWorkflowsStandIn } from '../../argo-workflows/argo-workflows-stand-in.ts';
import { argoRuns, argoTemplates } from './argo-templates.ts';
import { watchServer, type SceneLab, type SceneLabOptions } from './scene-lab.ts';

const NAMESPACE = 'perf';
const TOKEN = 'argo-workflows-token-of-the-scene';

export async function startArgoWorkflowsLab(options: SceneLabOptions): Promise<SceneLab> {
  const argo = await startArgoWorkflowsStandIn({
    templates: argoTemplates(options),
    namespace: NAMESPACE,
    token: TOKEN,
    speed: options.speed,
    clock: options.clock,
  });
  const platform = 'argo-workflows';
  return {
    ...watchServer(
      argo,
      ({ method, path }) => method === 'POST' && path === `/api/v1/workflows/${NAMESPACE}`,
    ),
    platform,
    product: 'Argo Workflows',
    secrets: [TOKEN],
    projectPart: {
      labs: { cluster: { platform, url: argo.url, apiKey: TOKEN, settings: { namespace: NAMESPACE } } },
    },
    jobPart: (platformJobId) => ({ lab: 'cluster', platformJobId }),
    runs: () => argoRuns(argo.engine),
  };
}
