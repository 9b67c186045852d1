/** A run as an item of the table, and back. */
import { hasEnded, subjectKeyOf, type JobRun } from '../bot/record/job-run.ts';
import { spreadNumber } from '../bot/record/run-key.ts';
import { keys } from '../bot/record/table-keys.ts';
import type { Item } from './document-table.ts';
import { storable } from './storable.ts';
import { DUE_SHARDS, TTL_ATTRIBUTE } from './table.ts';

/** The partition of a job's open runs. */
export function openKey(projectId: string, jobId: string): string {
  return `${projectId}#${jobId}`;
}

const RUN_PREFIX = keys.run('');

export function runKeyIn(pk: unknown): string {
  return String(pk).slice(RUN_PREFIX.length);
}

/** The record, and beside it the attributes that the indexes need; an ended run leaves the sparse ones. */
export function toRunItem(run: JobRun, expiresAtSeconds: number): Item {
  return {
    pk: keys.run(run.runKey),
    version: run.version,
    run: storable(run),
    subjectKey: subjectKeyOf(run),
    createdAtMs: run.createdAtMs,
    [TTL_ATTRIBUTE]: expiresAtSeconds,
    ...(hasEnded(run) ? {} : { openProjectKey: openKey(run.projectId, run.jobId) }),
    ...(run.dueAtMs === undefined
      ? {}
      : { dueShard: String(spreadNumber(run.runKey) % DUE_SHARDS), dueAtMs: run.dueAtMs }),
  };
}

export function runIn(item: Item | undefined): JobRun | undefined {
  const run = item?.['run'] as JobRun | undefined;
  if (!run) return undefined;
  const dueAtMs = item?.['dueAtMs'];
  return typeof dueAtMs === 'number' ? { ...run, dueAtMs } : run;
}
