/** Brings Jenkins into the scene, named in the project file as the original bot's was: the operator sets its address. */
import { startJenkinsStandIn } from '../../jenkins/jenkins-stand-in.ts';
import { sceneRun, watchServer, type SceneLab, type SceneLabOptions } from './scene-lab.ts';

const USER = 'admin';
const TOKEN = 'jenkins-token-of-the-scene';

export async function startJenkinsLab(options: SceneLabOptions): Promise<SceneLab> {
  const parameters = options.parameters.map((name) => ({ name }));
  const jenkins = await startJenkinsStandIn({
    user: USER,
    token: TOKEN,
    executors: options.machines,
    speed: options.speed,
    clock: options.clock,
    jobs: options.jobs.map(({ id, body, jenkins: own }) => ({
      name: id,
      estimatedDurationMs: 3_000,
      parameters,
      ...own,
      run: body,
    })),
  });
  return {
    ...watchServer(jenkins, ({ path }) => path.endsWith('/buildWithParameters')),
    platform: 'jenkins',
    product: 'Jenkins',
    secrets: [TOKEN, Buffer.from(`${USER}:${TOKEN}`).toString('base64')],
    jenkins,
    variables: { JENKINS_URL: jenkins.url },
    projectPart: { jobPlatformUser: USER, jobPlatformApiKey: TOKEN },
    jobPart: (platformJobId) => ({ platformJobId }),
    runs: () => [
      ...options.jobs
        .flatMap(({ id }) => jenkins.builds(id))
        .map(({ run }) => sceneRun(run.parameters, run, false)),
      ...jenkins.state.waiting().map((item) => {
        const texts = item.parameters.map(({ name, value }) => [name, String(value)] as const);
        return sceneRun(Object.fromEntries(texts), undefined, false);
      }),
    ],
  };
}
