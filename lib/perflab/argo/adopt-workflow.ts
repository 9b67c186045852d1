/** Finds out whose a workflow is when its creation was answered 409: Kubernetes says that of any conflict (argo-workflows#14106). */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { PlatformRef, StartResult } from '../job-executor.ts';
import { rejected } from '../outcomes.ts';
import { isOurs, RUN_LABEL } from './workflow-state.ts';

export interface Conflict {
  /** As people call it: `Argo CD`. */
  readonly product: string;
  readonly attemptKey: string;
  /** The workflow of that name, whoever made it. */
  readonly read: () => Promise<unknown>;
  readonly refTo: (workflow: unknown) => PlatformRef;
}

export async function adoptWorkflow({ product, attemptKey, read, refTo }: Conflict): Promise<StartResult> {
  try {
    const workflow = await read();
    if (isOurs(workflow, attemptKey)) return { kind: 'accepted', ref: refTo(workflow) };
    if (workflow === undefined)
      return { kind: 'unknown', message: `${product} answered 409, but does not show that workflow` };
    return rejected(`A workflow named ${attemptKey} is not Perf Bot's (it lacks the label ${RUN_LABEL}).`);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { kind: 'unknown', message: error.message };
  }
}
