/** Writes what a lab behind the signed webhook is sent, and reads its answers. */
import type { OutsideAnswer } from '../../http/outside-call.ts';
import { redact } from '../../http/redact.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { fine, problem, type Finding } from '../../finding.ts';
import type { PlatformPhase, PlatformRef, PlatformState, StartRequest } from '../job-executor.ts';
import { numberAt, own, textAt, timeMsAt, withoutUndefined } from '../../json.ts';

export function aboutRun({ job, parameters, subject, callbackUrl }: StartRequest): Record<string, unknown> {
  const { repository: repo, pullRequest, commit: sha } = subject ?? {};
  return { job, repo, pullRequest, sha, params: parameters, callbackUrl };
}

const PHASES: Readonly<Record<string, PlatformPhase>> = {
  queued: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  unstable: 'unstable',
  failed: 'failed',
  cancelled: 'cancelled',
  timed_out: 'timed-out',
};

export function stateIn(answer: unknown, ref: PlatformRef): PlatformState {
  const status = textAt(answer, 'status') ?? '';
  const phase = own(PHASES, status);
  if (phase === undefined)
    throw new UpstreamError(
      `The lab answered an unknown status: ${redact(status.slice(0, 1_000)).slice(0, 50)}`,
      {
        retryable: true,
      },
    );
  return withoutUndefined({
    phase,
    ref,
    reason: textAt(answer, 'message'),
    stage: textAt(answer, 'stage'),
    progress: numberAt(answer, 'progress'),
    queuePosition: numberAt(answer, 'queuePosition'),
    startedAtMs: timeMsAt(answer, 'startedAt'),
    finishedAtMs: timeMsAt(answer, 'finishedAt'),
  });
}

export function findingOfPing({ status }: OutsideAnswer, job: string, said: string, words: string): Finding {
  if (status >= 200 && status < 300) return fine('The lab', 'accepts the signature');
  if (status === 401)
    return problem(
      'The lab',
      'refuses the signature',
      'Enter the same secret there and here, and set its clock.',
    );
  if (status === 404)
    return problem(
      'The lab',
      `knows no job ${job}: ${said}`,
      'Check the job’s platformJobId and the address.',
    );
  if (status === 422)
    return problem(
      'The lab',
      `does not take the parameters of ${job}: ${said}`,
      'Correct their names there or here.',
    );
  return problem(
    'The lab',
    words,
    'Check the address, what stands in front of it, and that it answers the event ping with 2xx.',
  );
}
