/** The calls to labs other than Jenkins, for the list of places. Those to GitHub Actions are GitHub's. */
import type { Place } from './places.ts';

const place =
  (system: Place['system']) =>
  (call: string, creates?: true): Place => ({ system, call, ...(creates && { creates }) });
const workflows = place('argo-workflows');
const argoCd = place('argo-cd');
const github = place('github');
const webhook = place('webhook');

export const LAB_PLACES: readonly Place[] = [
  workflows('POST /api/v1/workflows/*', true),
  workflows('GET /api/v1/workflow-templates/*/*'),
  workflows('GET /api/v1/workflows/*/*'),
  workflows('GET /api/v1/workflows/*/*/log'),
  workflows('GET /artifact-files/*/workflows/*/*/outputs/main-logs'),
  workflows('PUT /api/v1/workflows/*/*/stop'),
  workflows('PUT /api/v1/workflows/*/*/terminate'),
  argoCd('perf-bot-run', true),
  argoCd('perf-bot-stop'),
  argoCd('GET /api/v1/applications/*/resource'),
  argoCd('GET /api/v1/applications/*/resource/actions'),
  argoCd('GET /api/v1/applications/*/logs'),
  github('GET /repos/*/*/installation'),
  github('GET /repos/*/*'),
  github('POST /repos/*/*/actions/workflows/*/dispatches', true),
  github('GET /repos/*/*/actions/workflows/*'),
  github('GET /repos/*/*/contents/*/*/*'),
  github('GET /repos/*/*/actions/workflows/*/runs'),
  github('GET /repos/*/*/actions/runs/*'),
  github('GET /repos/*/*/actions/runs/*/jobs'),
  github('GET /repos/*/*/actions/jobs/*/logs'),
  github('GET /signed-logs/*'),
  github('POST /repos/*/*/actions/runs/*/cancel'),
  github('POST /repos/*/*/actions/runs/*/force-cancel'),
  webhook('ping'),
  webhook('run.requested', true),
  webhook('run.status'),
  webhook('run.cancel'),
];
