/** Runs, pull requests, claims and counters in DynamoDB. Every write is conditional. */
import { hasEnded, subjectKeyOf, type JobRun } from '../bot/runs/job-run.ts';
import type { RunStore, SubjectRecord } from '../bot/runs/run-store.ts';
import type { DocumentTable, Item } from './document-table.ts';
import { storable } from './storable.ts';
import { DUE_SHARDS, INDEXES, keys, TTL_ATTRIBUTE } from './table.ts';

/** A run is kept for so long after its last change; its name protects against a command that comes twice. */
const KEEP_RUN_SECONDS = 400 * 24 * 60 * 60;
const KEEP_SUBJECT_SECONDS = 400 * 24 * 60 * 60;
const DURATIONS_KEPT = 20;
const CLAIM_ATTEMPTS = 5;

export function createDynamoRunStore(table: DocumentTable, nowMs: () => number): RunStore {
  const nowSeconds = () => Math.floor(nowMs() / 1000);
  const expiresIn = (seconds: number) => nowSeconds() + seconds;
  const runItem = (run: JobRun): Item => toRunItem(run, expiresIn(KEEP_RUN_SECONDS));
  /** DynamoDB removes what has expired only hours or days later. */
  const absentOrExpired = () => ({
    expression: 'attribute_not_exists(pk) OR #expires <= :now',
    names: { '#expires': TTL_ATTRIBUTE },
    values: { ':now': nowSeconds() },
  });
  const notExpired = (item: Item | undefined) =>
    item && Number(item[TTL_ATTRIBUTE] ?? Infinity) * 1000 > nowMs() ? item : undefined;

  return {
    dueShards: DUE_SHARDS,
    create: (run) => table.put(runItem(run), { expression: 'attribute_not_exists(pk)' }),
    async get(runKey) {
      return toRun(await table.get(keys.run(runKey)));
    },
    async save(run) {
      const next = { ...run, version: run.version + 1 };
      return (await table.put(runItem(next), versionIs(run.version))) ? next : undefined;
    },
    async lease(run, atMs, untilMs) {
      const item = await table.update(
        keys.run(run.runKey),
        {
          expression: 'SET #run.leaseUntilMs = :until, #run.version = :next, version = :next',
          names: { '#run': 'run' },
          values: { ':until': untilMs, ':next': run.version + 1, ':version': run.version, ':now': atMs },
        },
        'version = :version AND (attribute_not_exists(#run.leaseUntilMs) OR #run.leaseUntilMs <= :now)',
      );
      return toRun(item);
    },
    async listBySubject(subjectKey, limit) {
      const items = await table.query({
        index: INDEXES.bySubject,
        hash: subjectKey,
        newestFirst: true,
        limit,
      });
      return items.flatMap((item) => toRun(item) ?? []);
    },
    async listOpen(projectId, jobId, limit) {
      const items = await table.query({
        index: INDEXES.openByProject,
        hash: openKey(projectId, jobId),
        newestFirst: false,
        limit,
      });
      return items.map(({ pk }) => runKeyOf(pk));
    },
    async listDue(shard, atMs, limit) {
      const items = await table.query({
        index: INDEXES.due,
        hash: String(shard),
        rangeUpTo: atMs,
        newestFirst: false,
        limit,
      });
      return items.map(({ pk, dueAtMs }) => ({ runKey: runKeyOf(pk), dueAtMs: Number(dueAtMs) }));
    },
    async postpone(runKey, dueAtMs, nextDueAtMs) {
      const item = await table.update(
        keys.run(runKey),
        { expression: 'SET dueAtMs = :next', values: { ':next': nextDueAtMs, ':due': dueAtMs } },
        'dueAtMs = :due',
      );
      return item !== undefined;
    },
    async claim(claimKey, runKey, expiresAtMs) {
      const item = { pk: keys.claim(claimKey), runKey, [TTL_ATTRIBUTE]: Math.floor(expiresAtMs / 1000) };
      const condition = {
        expression: 'attribute_not_exists(pk) OR runKey = :mine OR #expires <= :now',
        names: { '#expires': TTL_ATTRIBUTE },
        values: { ':mine': runKey, ':now': nowSeconds() },
      };
      for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt += 1) {
        if (await table.put(item, condition)) return runKey;
        const holder = await table.get(item.pk);
        if (typeof holder?.['runKey'] === 'string') return holder['runKey'];
      }
      throw new Error(`the claim ${claimKey} is given back and taken too fast to follow`);
    },
    async releaseClaim(claimKey, runKey) {
      await table.delete(keys.claim(claimKey), { expression: 'runKey = :mine', values: { ':mine': runKey } });
    },
    async getSubject(subjectKey) {
      const item = notExpired(await table.get(keys.subject(subjectKey)));
      return item?.['subject'] as SubjectRecord | undefined;
    },
    async saveSubject(subject) {
      const next = { ...subject, version: subject.version + 1 };
      const item = {
        pk: keys.subject(subject.subjectKey),
        version: next.version,
        subject: next,
        [TTL_ATTRIBUTE]: expiresIn(KEEP_SUBJECT_SECONDS),
      };
      const condition = subject.version === 0 ? absentOrExpired() : versionIs(subject.version);
      return (await table.put(item, condition)) ? next : undefined;
    },
    async countUpTo(counterKey, limit, expiresAtMs) {
      if (limit <= 0) return false;
      const pk = keys.counter(counterKey);
      const expires = Math.floor(expiresAtMs / 1000);
      const counted = await table.update(
        pk,
        {
          expression: 'ADD used :one SET #expires = :expires',
          names: { '#expires': TTL_ATTRIBUTE },
          values: { ':one': 1, ':limit': limit, ':expires': expires, ':now': nowSeconds() },
        },
        'attribute_not_exists(pk) OR (used < :limit AND #expires > :now)',
      );
      return counted !== undefined || table.put({ pk, used: 1, [TTL_ATTRIBUTE]: expires }, absentOrExpired());
    },
    async counted(counterKey) {
      return Number(notExpired(await table.get(keys.counter(counterKey)))?.['used'] ?? 0);
    },
    async durations(projectId, jobId) {
      const item = await table.get(keys.durations(projectId, jobId));
      return Array.isArray(item?.['durationsMs']) ? (item['durationsMs'] as number[]) : [];
    },
    async addDuration(projectId, jobId, durationMs) {
      const pk = keys.durations(projectId, jobId);
      const before = await table.get(pk);
      const version = Number(before?.['version'] ?? 0);
      const durationsMs = [...((before?.['durationsMs'] as number[] | undefined) ?? []), durationMs].slice(
        -DURATIONS_KEPT,
      );
      await table.put({ pk, version: version + 1, durationsMs }, versionIs(version));
    },
  };
}

function versionIs(version: number) {
  return version === 0
    ? { expression: 'attribute_not_exists(pk)' }
    : { expression: 'version = :version', values: { ':version': version } };
}

function openKey(projectId: string, jobId: string): string {
  return `${projectId}#${jobId}`;
}

function runKeyOf(pk: unknown): string {
  return String(pk).replace(/^RUN#/, '');
}

/** The record, and beside it the attributes that the indexes need; an ended run leaves the sparse ones. */
function toRunItem(run: JobRun, expiresAtSeconds: number): Item {
  return {
    pk: keys.run(run.runKey),
    version: run.version,
    run: storable(run),
    subjectKey: subjectKeyOf(run.repository.id, run.subject, run.headSha),
    createdAtMs: run.createdAtMs,
    [TTL_ATTRIBUTE]: expiresAtSeconds,
    ...(hasEnded(run) ? {} : { openProjectKey: openKey(run.projectId, run.jobId) }),
    ...(run.dueAtMs === undefined ? {} : { dueShard: String(shardOf(run.runKey)), dueAtMs: run.dueAtMs }),
  };
}

function toRun(item: Item | undefined): JobRun | undefined {
  const run = item?.['run'] as JobRun | undefined;
  if (!run) return undefined;
  const dueAtMs = item?.['dueAtMs'];
  return typeof dueAtMs === 'number' ? { ...run, dueAtMs } : run;
}

function shardOf(runKey: string): number {
  let sum = 0;
  for (const character of runKey) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  return sum % DUE_SHARDS;
}
