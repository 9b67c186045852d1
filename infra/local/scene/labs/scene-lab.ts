/** Describes a stand-in for a PerfLab as the scene sees it: its address, its part of the project file, and what it has run. */
import type { Platform } from '../../../../lib/perflab/job-executor.ts';
import type { WorkflowTemplate } from '../../argo-workflows/workflow.ts';
import type { ActionsWorkflow } from '../../github-actions/actions-state.ts';
import type { ExtraRoute } from '../../github/api/request.ts';
import type { GitHubStandIn } from '../../github/github-stand-in.ts';
import type { JenkinsJob } from '../../jenkins/jenkins-jobs.ts';
import type { JenkinsStandIn } from '../../jenkins/jenkins-stand-in.ts';
import type { LabJobBody, LabOutcome, LabRunHandle } from '../../stand-in/lab-run.ts';
import type { StandInClock } from '../../stand-in/clock.ts';
import type { StandInServer } from '../../stand-in/server.ts';
import type { StandInCall } from '../../stand-in/calls.ts';

/** A job that the lab offers. */
export interface LabJob {
  readonly id: string;
  readonly body: LabJobBody;
  /** Settings that only a job of that kind has. */
  readonly jenkins?: Partial<Omit<JenkinsJob, 'name' | 'run'>> | undefined;
  readonly workflowTemplate?: Partial<Omit<WorkflowTemplate, 'name' | 'run'>> | undefined;
  readonly workflowFile?: Partial<Omit<ActionsWorkflow, 'repository' | 'file' | 'run'>> | undefined;
}

export interface SceneLabOptions {
  readonly jobs: readonly LabJob[];
  /** The parameters that every job declares. */
  readonly parameters: readonly string[];
  /** Where a platform says that a job has ended; known once the bot listens. */
  readonly callbackUrl: () => string;
  /** Jobs go so much faster. */
  readonly speed: number;
  /** The lab's time, where it is not the machine's. */
  readonly clock?: StandInClock | undefined;
  /** Jobs that run at a time; the others wait in the platform's own queue. */
  readonly machines: number;
  /** Only for the signed webhook: whether it answers `run.status`. */
  readonly answersStatus: boolean;
}

/** One run that the lab took on. */
export interface SceneLabRun {
  /** The value of PERF_BOT_RUN. */
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** False while it waits, and if it was cancelled while it waited. */
  readonly began: boolean;
  readonly ended: boolean;
  readonly outcome: LabOutcome | 'aborted' | undefined;
  /** Undefined before its first stage, and where it has none. */
  readonly stage: string | undefined;
  /** When the job itself ended; undefined where it has not, or never began. */
  readonly endedAtMs: number | undefined;
}

export interface SceneLab {
  readonly platform: Platform;
  /** As the scene calls it. */
  readonly product: string;
  /** Where it is; undefined for a lab that is a part of GitHub. */
  readonly url?: string;
  /** What the bot calls it with: must stand in no log. */
  readonly secrets: readonly string[];
  /** What the project file says of the lab, and of a job in it. */
  readonly projectPart: Readonly<Record<string, unknown>>;
  readonly jobPart: (jobId: string) => Readonly<Record<string, unknown>>;
  /** What the operator sets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The stand-in itself where it is Jenkins. */
  readonly jenkins?: JenkinsStandIn;
  /** A lab that is a part of GitHub: its routes there, the App's events that it sends, and the GitHub that they are in. */
  readonly inGitHub?: {
    readonly routes: readonly ExtraRoute[];
    readonly events: readonly string[];
    readonly join: (github: GitHubStandIn) => void;
  };
  /** Calls that the lab got so far, whatever it is. */
  callCount(): number;
  /** Whether it was asked to start something. */
  wasStarted(): boolean;
  /** Waiting ones included. */
  runs(): readonly SceneLabRun[];
  /** The next start takes effect, and its answer is lost; returns whether that has happened. */
  loseNextStartAnswer(): () => boolean;
  close(): Promise<void>;
}

/** Watches a stand-in's own server; `isStart` recognizes the call that starts a run. */
export function watchServer(
  server: Pick<StandInServer, 'url' | 'calls' | 'breakNext' | 'close'>,
  isStart: (call: StandInCall) => boolean,
): Required<Pick<SceneLab, 'url' | 'callCount' | 'wasStarted' | 'loseNextStartAnswer' | 'close'>> {
  return {
    url: server.url,
    callCount: () => server.calls.length,
    wasStarted: () => server.calls.some(isStart),
    loseNextStartAnswer() {
      const struck = server.breakNext({ match: isStart, afterEffect: true, closeSocket: true });
      return () => struck() > 0;
    },
    close: () => server.close(),
  };
}

/** `isOver`: it ended without having begun. */
export function sceneRun(
  parameters: Readonly<Record<string, string>>,
  run: LabRunHandle | undefined,
  isOver: boolean,
): SceneLabRun {
  return {
    key: parameters['PERF_BOT_RUN'] ?? '',
    parameters,
    began: run !== undefined,
    ended: run?.end !== undefined || isOver,
    outcome: run?.end?.outcome,
    stage: run?.stage,
    endedAtMs: run?.end?.atMs,
  };
}
