/** Starts the scene's lab, one for each platform that a project file may name. */
import type { Platform } from '../../../../lib/perflab/job-executor.ts';
import { startActionsLab } from './github-actions-lab.ts';
import { startArgoCdLab, startArgoWorkflowsLab } from './argo-labs.ts';
import { startJenkinsLab } from './jenkins-lab.ts';
import type { SceneLab, SceneLabOptions } from './scene-lab.ts';
import { startWebhookLab } from './webhook-lab.ts';

const LABS: Readonly<Record<Platform, (options: SceneLabOptions) => Promise<SceneLab>>> = {
  jenkins: startJenkinsLab,
  'argo-workflows': startArgoWorkflowsLab,
  'argo-cd': startArgoCdLab,
  'github-actions': startActionsLab,
  webhook: startWebhookLab,
};

export function startSceneLab(platform: Platform, options: SceneLabOptions): Promise<SceneLab> {
  return LABS[platform](options);
}
