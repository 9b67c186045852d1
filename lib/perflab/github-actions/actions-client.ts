/** Calls GitHub with the App's token for one repository, within the limits that the App shares for all it does. */
import type { WithinLimits } from '../../http/call-limits.ts';
import { place, type OutsideCall } from '../../http/outside-call.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { waitAskedForMs } from '../../http/retry-after.ts';
import { createLabClient, type LabClient, type LabDeps } from '../lab-client.ts';

export interface GitHubAccess {
  readonly token: string;
  readonly withinLimits: WithinLimits;
}

export interface GitHubActionsDeps extends LabDeps {
  /** To a repository (`owner/name`) where the App is installed, with "Actions: write". */
  readonly accessTo: (repoFullName: string) => Promise<GitHubAccess>;
}

/** A token is asked for at each use: it lives an hour, and whoever gives it keeps it. An answer that asks to wait is thrown. */
export async function connectToGitHub(
  { call, nowMs, accessTo }: GitHubActionsDeps,
  baseUrl: string,
  repository: string,
): Promise<LabClient> {
  const { token, withinLimits } = await accessTo(repository);
  const limitedCall: OutsideCall = (request) => {
    const where = place(request.method, request.url);
    return withinLimits(where, async () => {
      const answer = await call(request);
      const waitMs = waitAskedForMs(answer, nowMs());
      if (waitMs === undefined) return answer;
      throw new UpstreamError(`GitHub answered ${answer.status}, its limit was met: ${where}`, {
        retryable: true,
        status: answer.status,
        retryAfterMs: waitMs,
      });
    });
  };
  return createLabClient(
    { call: limitedCall, nowMs },
    {
      product: 'GitHub',
      baseUrl,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28', // 2026-03-10 takes no return_run_details; supported until 2028-03 at least
        'content-type': 'application/json',
        'user-agent': 'perf-bot',
      },
      secrets: [token],
    },
  );
}
