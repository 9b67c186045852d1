/** One message of every form that a door can queue, all at once. */
import { runOnFirst } from '../../faults/acts.ts';
import { askUntilAnswered } from '../../faults/operator.ts';
import { JOB, REPOSITORY } from '../../faults/outside.ts';
import type { Act } from '../../faults/play-scene.ts';
import { endlessJob } from '../../faults/scenario.ts';
import { oneWith, reported, whileBuilding, type Scene } from './scene.ts';

const REPO_FULL_NAME = `${REPOSITORY.owner}/${REPOSITORY.name}`;

const EVENTS = ['issue_comment', 'pull_request', 'push', 'repository', 'workflow_run'];

/** One after another, so that they lie in the queue in this order. */
const deliverEverything: Act['act'] = async ({ github, lab, pulls }) => {
  const [pull] = pulls;
  const { repository, number, headSha: sha } = pull;
  const head = { sha, repo: { id: repository.id } };
  const updated_at = new Date(pull.updatedAtMs).toISOString();
  const pull_request = { number, draft: false, updated_at, head, base: { ref: 'main' } };
  const check_run = { id: github.checkRuns()[0]?.id, head_sha: sha, external_id: lab.runs()[0]?.key };
  const fire = async (event: string, action: string, parts: Record<string, unknown>) => {
    github.fire(repository, event, action, parts, pull.author);
    await github.webhooksSettled();
  };
  const issue = github.openIssue(repository, 'mia', 'No pull request');
  github.addComment(issue, 'mia', '/perf-bot help');
  await github.webhooksSettled();
  for (const action of ['opened', 'reopened', 'ready_for_review', 'synchronize', 'labeled', 'closed'])
    await fire('pull_request', action, { pull_request, label: { name: 'performance' } });
  for (const identifier of ['rerun', 'recheck', 'ack'])
    await fire('check_run', 'requested_action', { check_run, requested_action: { identifier } });
  await fire('check_run', 'rerequested', { check_run });
  await fire('push', '', { ref: 'refs/heads/main', after: sha, commits: [{ modified: ['src/a.ts'] }] });
  const workflow_run = { id: 77, display_title: `getting-started ${lab.runs()[0]?.key}` };
  await fire('workflow_run', 'completed', { workflow_run });
  for (const action of ['created', 'new_permissions_accepted', 'suspend', 'unsuspend', 'deleted'])
    await fire('installation', action, {});
  const removed = [{ id: repository.id, full_name: REPO_FULL_NAME, private: false }];
  await fire('installation_repositories', 'added', { repositories_added: removed, repositories_removed: [] });
  await fire('installation_repositories', 'removed', {
    repositories_added: [],
    repositories_removed: removed,
  });
  for (const action of ['renamed', 'transferred', 'privatized', 'publicized', 'deleted'])
    await fire('repository', action, {});
};

const tellEverything: Act['act'] = async (world) => {
  const urls = (await askUntilAnswered(world, 'GET', `/config/${REPO_FULL_NAME}/urls`)) as {
    readonly perflab: string;
    readonly horreum: readonly { readonly event: string; readonly url: string }[];
  };
  const post = (url: string, body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const base = urls.horreum[0]?.url.split('/').slice(0, -2).join('/') ?? '';
  await post(`${base}/run/new`, { id: 3 });
  await post(`${base}/dataset_labels/computed`, { runId: 3 });
  await post(`${base}/experiment_result/new`, { datasetInfo: { runId: 3 } });
  await post(`${base}/change/new`, { change: { dataset: { runId: 3 } } });
  await post(`${base}/test/new`, {});
  const runKey = world.lab.runs()[0]?.key;
  await post(urls.perflab, { runKey });
  await post(urls.perflab, { jobId: JOB });
  await post(urls.perflab, {
    jobId: JOB,
    buildNumber: '1',
    repoFullName: REPO_FULL_NAME,
    pullRequestNumber: 1,
  });
  await post(urls.perflab, {});
};

export const EVERYTHING: readonly Scene[] = [
  {
    name: 'everything that GitHub delivers',
    acts: [runOnFirst, whileBuilding(deliverEverything)],
    options: () => ({ ...endlessJob(), gitHubEvents: EVENTS }),
    moment: ({ messages }) => messages('commands').length > 20,
    expected: oneWith(1, 'cancelled', 'results-missing'),
    tolerates: /has \d runs/,
  },
  {
    name: 'everything that Horreum and a lab tell',
    acts: [runOnFirst, whileBuilding(tellEverything)],
    options: () => ({ lingersMs: 30_000 }),
    moment: ({ messages }) => messages('runs').length > 8,
    expected: reported,
  },
];
