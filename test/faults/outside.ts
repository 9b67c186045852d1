/** What is outside of the bot: stand-ins for GitHub, a lab and Horreum in virtual time, with two people and their pull requests. */
import type { GitHubStandIn } from '../../infra/local/github/github-stand-in.ts';
import type { RateLimits } from '../../infra/local/github/state/state.ts';
import type { PullRequest } from '../../infra/local/github/state/records.ts';
import { startHorreumStandIn, type HorreumStandIn } from '../../infra/local/horreum/horreum-stand-in.ts';
import type { LabJobBody } from '../../infra/local/stand-in/lab-run.ts';
import { makeAppSecrets, startSceneGitHub } from '../../infra/local/scene/scene-github.ts';
import { benchmarkJob } from '../../infra/local/scene/benchmark-job.ts';
import type { SceneLab } from '../../infra/local/scene/labs/scene-lab.ts';
import { startSceneLab } from '../../infra/local/scene/labs/start-scene-lab.ts';
import type { Platform } from '../../lib/perflab/job-executor.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const JOB = 'getting-started';
export const REPOSITORY = { owner: 'acme', name: 'webshop' };

/** Long and unlike anything else, so that the log can be searched for them. */
export const SECRETS = {
  webhook: 'webhook-secret-of-the-harness',
  urlToken: 'url-token-secret-of-the-harness',
  aws: 'aws-secret-key-of-the-harness',
};

export const APP = { ...makeAppSecrets(), webhookSecret: SECRETS.webhook };

export interface OutsideOptions {
  /** What the job does in place of the benchmark. */
  readonly job?: LabJobBody;
  /** How long the job goes on after that. */
  readonly lingersMs?: number;
  /** The job hears only a forced stop. */
  readonly ignoresStop?: boolean;
  /** Where the job runs. Default Jenkins. */
  readonly platform?: Platform;
  /** Of the lab. Default 2. */
  readonly executors?: number;
  /** How many times slower the pull request's code is. Default 1.12. */
  readonly slowdown?: number;
  /** What the App has subscribed to. Default: what the stand-in's App has. */
  readonly gitHubEvents?: readonly string[];
  /** GitHub's; by default there is none in the way. */
  readonly rateLimits?: Partial<RateLimits>;
}

export interface Outside {
  readonly github: GitHubStandIn;
  readonly lab: SceneLab;
  readonly horreum: HorreumStandIn;
  /** Where the job says that it ended. */
  callbackUrl: string;
  /** Two people who may write open a pull request each. */
  openPullRequests(): readonly [PullRequest, PullRequest];
  close(): Promise<void>;
}

export async function startOutside(clock: VirtualClock, options: OutsideOptions): Promise<Outside> {
  const { nowMs } = clock;
  const horreum = await startHorreumStandIn({ clock, delays: { evaluationMs: 0 } });
  const platform = options.platform ?? 'jenkins';
  const benchmark = benchmarkJob({
    horreumUrl: horreum.url,
    horreumKey: horreum.apiKey,
    jobId: JOB,
    callbackUrl: () => outside.callbackUrl,
    slowdown: () => options.slowdown ?? 1.12,
    asOnJenkins: platform === 'jenkins',
  });
  const ignoresStop = options.ignoresStop ?? false;
  const lab = await startSceneLab(platform, {
    machines: options.executors ?? 2,
    clock,
    speed: 1,
    answersStatus: true,
    callbackUrl: () => outside.callbackUrl,
    parameters: ['PERF_BOT_RUN', 'PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT'],
    jobs: [
      {
        id: JOB,
        jenkins: { concurrent: true, ignoresStop },
        workflowTemplate: { ignoresStop },
        workflowFile: { ignoresStop },
        body: async (job) => {
          const outcome = await (options.job ?? benchmark)(job);
          await job.wait(options.lingersMs ?? 0);
          return outcome;
        },
      },
    ],
  });
  const github = await startSceneGitHub(APP, lab, {
    nowMs,
    rateLimits: { perHour: 50_000, ...options.rateLimits },
    ...(options.gitHubEvents ? { events: options.gitHubEvents } : {}),
  });
  lab.inGitHub?.join(github);
  const outside: Outside = {
    github,
    lab,
    horreum,
    callbackUrl: '',
    openPullRequests() {
      const repository = github.addRepository(REPOSITORY);
      const open = (author: string, headRef: string) => {
        github.addUser({ login: author });
        github.setPermission(repository, author, 'write');
        return github.openPullRequest(repository, { author, headRef, title: headRef });
      };
      return [open('ana', 'faster-checkout'), open('mia', 'leaner-cart')];
    },
    close: async () => void (await Promise.all([github.close(), lab.close(), horreum.close()])),
  };
  return outside;
}
