/** A check run as GitHub's API takes it. https://docs.github.com/en/rest/checks/runs */
import type { CheckRun } from './github.ts';

export function checkRunBody(check: CheckRun, nowMs: number): Record<string, unknown> {
  return {
    name: check.name,
    external_id: check.externalId,
    status: check.status,
    ...(check.detailsUrl === undefined ? {} : { details_url: check.detailsUrl }),
    ...(check.startedAtMs === undefined ? {} : { started_at: new Date(check.startedAtMs).toISOString() }),
    ...(check.conclusion === undefined
      ? {}
      : { conclusion: check.conclusion, completed_at: new Date(nowMs).toISOString() }),
    output: {
      title: check.title,
      summary: check.summary,
      ...(check.text === undefined ? {} : { text: check.text }),
    },
    ...(check.actions && check.actions.length > 0 ? { actions: check.actions } : {}),
  };
}
