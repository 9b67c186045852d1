/** Turns a run into an item of the table, with nothing in it that DynamoDB would refuse, and back. */
import { hasEnded, subjectKeyOf, type JobRun } from '../bot/record/job-run.ts';
import { spreadNumber } from '../bot/record/run-key.ts';
import { keys } from '../bot/record/table-keys.ts';
import type { Item } from './document-table.ts';
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

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types */
const LARGEST = 9.9e125;
const SMALLEST = 1e-130;
/** The writer of a text bounds it; one that was forgotten must not cost the whole record, which may be 400 KB. */
const LONGEST_TEXT = 32_768;

/** Copies plain data; a number that is none is left out (in a list: null), one out of range goes to its end, an endless text is cut. */
export function storable(value: unknown): unknown {
  if (typeof value === 'number') return storableNumber(value);
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map((one) => storable(one) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, storable(one)]));
}

function storableNumber(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Math.abs(value) > LARGEST) return Math.sign(value) * LARGEST;
  return Math.abs(value) < SMALLEST ? 0 : value;
}

/** Never half a character. */
function storableText(text: string): string {
  return text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT).replace(/[\ud800-\udbff]$/, '');
}
