/** A workflow of the stand-in and the template that it is made from. */
import type { LabJobBody, LabRunHandle } from '../stand-in/lab-run.ts';

export interface WorkflowTemplate {
  readonly name: string;
  readonly cluster?: boolean;
  /** `value` undefined: it must be sent. */
  readonly parameters: readonly { readonly name: string; readonly value?: string }[];
  readonly run?: LabJobBody;
  /** The exit handler: runs while the phase is not final yet, and not after a terminate; if it fails, so does the workflow. */
  readonly onExit?: (workflow: {
    name: string;
    parameters: Readonly<Record<string, string>>;
    status: string;
  }) => Promise<void>;
  /** A template that must run alone. */
  readonly mutex?: string;
  readonly ignoresStop?: boolean;
  /** A DAG that fails says nothing; steps say which child failed. Default: steps. */
  readonly shape?: 'steps' | 'dag';
  /** What the pod's node says when it fails, such as `main: OOMKilled (exit code 137)`. */
  readonly podMessage?: string;
  /** What the pod's node says while the pod can't start, such as `ImagePullBackOff: …`. */
  readonly pendingMessage?: string;
  /** Attempts of the same step that failed before this one. */
  readonly earlierAttempts?: number;
  /** What the exit handler's pod writes. */
  readonly exitLog?: string;
  /** The controller finds the spec wrong, and the workflow ends as Error before it has any node. */
  readonly invalidSpec?: string;
}

export interface Workflow {
  readonly uid: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly template: WorkflowTemplate;
  readonly parameters: Readonly<Record<string, string>>;
  shutdown: 'Stop' | 'Terminate' | undefined;
  phase: '' | 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Error';
  message: string | undefined;
  startedAtMs: number | undefined;
  finishedAtMs: number | undefined;
  run: LabRunHandle | undefined;
  /** How the entry point ended, and the exit handler after it. */
  mainPhase: 'Succeeded' | 'Failed' | undefined;
  mainEndedAtMs: number | undefined;
  exitPhase: 'Running' | 'Succeeded' | 'Failed' | undefined;
  /** The pods still exist, so their log can be streamed. */
  hasPods: boolean;
}
