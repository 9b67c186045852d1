/** HTTP towards GitHub with the App's token for one repository, aware of when GitHub asks to wait. */
import type { OutsideAnswer } from '../http/outside-call.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { waitAskedFor } from './github-dispatch.ts';
import { createLabClient, type LabClient, type LabDeps } from './lab-client.ts';
import { parseJson } from './read-json.ts';

export interface GitHubActionsDeps extends LabDeps {
  /** A token of the App's installation on a repository (`owner/name`), with "Actions: write". */
  readonly installationToken: (repoFullName: string) => Promise<string>;
}

export interface GitHubClient extends LabClient {
  /** The parsed answer of a GET, or undefined for 404. */
  readOrWait(path: string): Promise<unknown>;
  failureOrWait(answer: OutsideAnswer, method: string, path: string): UpstreamError;
}

/** A token is asked for at each use: it lives an hour, and whoever gives it keeps it. */
export async function connectToGitHub(
  deps: GitHubActionsDeps,
  baseUrl: string,
  repository: string,
): Promise<GitHubClient> {
  const token = await deps.installationToken(repository);
  const client = createLabClient(deps, {
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
  });

  const failureOrWait: GitHubClient['failureOrWait'] = (answer, method, path) => {
    const error = client.failure(answer, method, path);
    const wait = waitAskedFor(answer, deps.nowMs());
    return wait
      ? new UpstreamError(error.message, { retryable: true, status: answer.status, ...wait })
      : error;
  };

  return {
    ...client,
    failureOrWait,
    async readOrWait(path) {
      const answer = await client.send('GET', path);
      if (answer.status === 404) return undefined;
      const parsed = answer.status === 200 && !answer.truncated ? parseJson(answer.text) : undefined;
      if (parsed === undefined) throw failureOrWait(answer, 'GET', path);
      return parsed;
    },
  };
}
