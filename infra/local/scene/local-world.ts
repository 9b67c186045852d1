/** Starts everything on one machine: the bot's local server and the stand-ins, joined as an operator would join the real systems. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitHubStandIn, GitHubStandInOptions } from '../github/github-stand-in.ts';
import type { NewRepository } from '../github/acts/seed.ts';
import type { PullRequest, Repository } from '../github/state/records.ts';
import {
  startHorreumStandIn,
  type HorreumStandIn,
  type HorreumStandInOptions,
} from '../horreum/horreum-stand-in.ts';
import type { Platform } from '../../../lib/perflab/job-executor.ts';
import type { JenkinsStandIn } from '../jenkins/jenkins-stand-in.ts';
import { createPullRequestPage } from '../page/pull-request-page.ts';
import {
  createLocalEnvironment,
  type LocalEnvironment,
  type Variables,
} from '../server/local-environment.ts';
import { urlOf } from '../server/http-door.ts';
import { startLocalServer, type LocalServer } from '../server/local-server.ts';
import { makeAppSecrets, peopleOf, startSceneGitHub } from './scene-github.ts';
import { benchmarkTools } from './benchmark-job.ts';
import { startCallMeter, type CallMeter } from './call-meter.ts';
import { joinProject } from './join-project.ts';
import type { SceneLab } from './labs/scene-lab.ts';
import { startSceneLab } from './labs/start-scene-lab.ts';
import {
  JOB,
  PARAMETERS,
  PULL_REQUEST,
  REPOSITORY,
  labJob,
  projectFile,
  seedSampleTest,
  type HorreumTest,
  type SceneJob,
} from './scene-project.ts';

export { JOB, REPO_FULL_NAME } from './scene-project.ts';

const BOT_PATHS = /^\/(github|horreum|job|config|admin|runs)(\/|$)/;
const HORREUM_EVENTS = ['dataset_labels/computed', 'run/new'];

export interface LocalWorld {
  readonly url: string;
  readonly github: GitHubStandIn;
  readonly lab: SceneLab;
  /** The lab's own stand-in; throws where the lab is not Jenkins. */
  readonly jenkins: JenkinsStandIn;
  readonly horreum: HorreumStandIn;
  readonly local: LocalEnvironment;
  readonly server: LocalServer;
  readonly meter: CallMeter;
  readonly repository: Repository;
  readonly pullRequest: PullRequest;
  /** The project file as it was applied. */
  readonly file: Readonly<Record<string, unknown>>;
  /** Where the jobs call back. */
  readonly callbackUrl: string;
  /** How much slower the pull request's code is from now on. */
  setSlowdown(factor: number): void;
  addComment(login: string, body: string): { readonly id: number };
  close(): Promise<void>;
}

export interface LocalWorldOptions {
  readonly port?: number;
  readonly sink?: (line: string) => void;
  readonly variables?: Variables;
  /** The bot's clock. */
  readonly nowMs?: () => number;
  readonly slowdown?: number;
  readonly baselineRuns?: number;
  /** Where the jobs run; default `jenkins`. */
  readonly platform?: Platform;
  /** Only for `webhook`: false makes a lab that can only be told. Default true. */
  readonly answersStatus?: boolean;
  /** Jobs go so much faster. */
  readonly speed?: number;
  readonly executors?: number;
  /** Top-level fields of the project file that differ. */
  readonly project?: Readonly<Record<string, unknown>>;
  readonly jobs?: readonly SceneJob[];
  readonly repository?: Partial<NewRepository>;
  readonly gitHub?: Partial<GitHubStandInOptions>;
  readonly horreum?: HorreumStandInOptions;
  /** Makes the test that results go to; default: the sample project with a past. */
  readonly setUpHorreum?: (horreum: HorreumStandIn) => Promise<HorreumTest>;
  /** Events that Horreum reports to the bot. */
  readonly horreumEvents?: readonly string[];
}

export async function startLocalWorld(options: LocalWorldOptions = {}): Promise<LocalWorld> {
  const meter = startCallMeter();
  const folder = await mkdtemp(join(tmpdir(), 'perf-bot-'));
  const app = makeAppSecrets();
  const jobs = options.jobs ?? [{ id: JOB }];
  const place = { ...REPOSITORY, ...options.repository };
  const repoFullName = `${place.owner}/${place.name}`;
  let slowdown = options.slowdown ?? 1.12;
  let callbackUrl = '';

  const horreum = await startHorreumStandIn(options.horreum);
  const test = await (options.setUpHorreum
    ? options.setUpHorreum(horreum)
    : seedSampleTest(horreum, { runs: options.baselineRuns ?? 20, repoFullName }));
  const platform = options.platform ?? 'jenkins';
  const lab = await startSceneLab(platform, {
    machines: options.executors ?? 2,
    speed: options.speed ?? 1,
    answersStatus: options.answersStatus ?? true,
    callbackUrl: () => callbackUrl,
    parameters: PARAMETERS,
    jobs: jobs.map((job) =>
      labJob(
        job,
        benchmarkTools({
          horreumUrl: horreum.url,
          horreumKey: horreum.apiKey,
          jobId: job.id,
          callbackUrl: () => callbackUrl,
          slowdown: () => slowdown,
          asOnJenkins: platform === 'jenkins',
        }),
      ),
    ),
  });
  const github = await startSceneGitHub(app, lab, options.gitHub);
  const local = await createLocalEnvironment(
    {
      GITHUB_API_URL: github.url,
      GITHUB_APP_ID: String(app.appId),
      GITHUB_PRIVATE_KEY: app.privateKeyPem,
      GITHUB_WEBHOOK_SECRET: app.webhookSecret,
      ...lab.variables,
      HORREUM_URL: horreum.url,
      SWEEP_INTERVAL_SECONDS: '10',
      PUBLIC_URL: 'http://localhost',
      ...options.variables,
    },
    {
      dataDir: undefined,
      secretsDir: folder,
      sink: options.sink ?? (() => undefined),
      ...(options.nowMs ? { nowMs: options.nowMs } : {}),
    },
  );
  const page = createPullRequestPage(github);
  const server = await startLocalServer(
    local,
    { port: options.port ?? 0 },
    (request, response) => !BOT_PATHS.test(urlOf(request).pathname) && page(request, response),
  );
  const url = `http://localhost:${server.port}`;
  (local.environment.variables as Variables)['PUBLIC_URL'] = url;
  github.hook.url = `http://127.0.0.1:${server.port}/github`;
  github.state.webUrl = url;
  const repository = peopleOf(github, place);
  lab.inGitHub?.join(github);
  const file = {
    ...projectFile(jobs, lab, { datastoreApiKey: horreum.apiKey, ...test, repoFullName }),
    ...options.project,
  };
  callbackUrl = await joinProject(local, horreum, file, options.horreumEvents ?? HORREUM_EVENTS);
  const pull = github.openPullRequest(repository, PULL_REQUEST);
  return {
    url,
    github,
    lab,
    get jenkins() {
      if (!lab.jenkins) throw new Error(`the lab of this world is ${lab.product}`);
      return lab.jenkins;
    },
    horreum,
    local,
    server,
    meter,
    repository,
    pullRequest: pull,
    file,
    callbackUrl,
    setSlowdown: (factor) => void (slowdown = factor),
    addComment: (login, body) => github.addComment(pull, login, body),
    async close() {
      await server.close();
      await Promise.all([github.close(), lab.close(), horreum.close()]);
      await local.close();
      meter.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
