/** A run as an item of the table, and back. */
import { hasEnded, subjectKeyOf, type JobRun } from '../bot/record/job-run.ts';
import { spreadNumber } from '../bot/record/run-key.ts';
import type { Item } from './document-table.ts';
import { storable } from './storable.ts';
import { DUE_SHARDS, keys, TTL_ATTRIBUTE } from './table.ts';

export function openKey(projectId: string, jobId: string): string {
  return `${projectId}#${jobId}`;
}

export function runKeyOf(pk: unknown): string {
  return String(pk).replace(/^RUN#/, '');
}

/** The record, and beside it the attributes that the indexes need; an ended run leaves the sparse ones. */
export function toRunItem(run: JobRun, expiresAtSeconds: number): Item {
  return {
    pk: keys.run(run.runKey),
    version: run.version,
    run: storable(run),
    subjectKey: subjectKeyOf(run.repository.id, run.subject, run.headSha),
    createdAtMs: run.createdAtMs,
    [TTL_ATTRIBUTE]: expiresAtSeconds,
    ...(hasEnded(run) ? {} : { openProjectKey: openKey(run.projectId, run.jobId) }),
    ...(run.dueAtMs === undefined
      ? {}
      : { dueShard: String(spreadNumber(run.runKey) % DUE_SHARDS), dueAtMs: run.dueAtMs }),
  };
}

export function toRun(item: Item | undefined): JobRun | undefined {
  const run = item?.['run'] as JobRun | undefined;
  if (!run) return undefined;
  const dueAtMs = item?.['dueAtMs'];
  return typeof dueAtMs === 'number' ? { ...run, dueAtMs } : run;
}
