/** Keeps runs, pull requests, claims and counters in DynamoDB. Every write is conditional. */
import type { JobRun } from '../bot/record/job-run.ts';
import type { JoinList, JoinNote, RunStore, SubjectRecord } from '../bot/record/run-store.ts';
import { keys } from '../bot/record/table-keys.ts';
import type { Condition, DocumentTable, Item } from './document-table.ts';
import { openKey, runIn, runKeyIn, storable, toRunItem } from './run-item.ts';
import { DUE_SHARDS, INDEXES, TTL_ATTRIBUTE } from './table.ts';

/** A run is kept for this time after its last change; its name protects against a command that comes twice. */
const KEEP_RUN_SECONDS = 400 * 24 * 60 * 60;
/** GitHub sends a delivery again for at most a week. https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
const KEEP_NOTE_SECONDS = 14 * 24 * 60 * 60;
const KEEP_SUBJECT_SECONDS = 400 * 24 * 60 * 60;
const DURATIONS_KEPT = 20;
const CLAIM_ATTEMPTS = 5;
const MEASURED_KEPT = 200;
const MEASURED_CHARACTERS = 100_000;

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
  const record = async <Record>(pk: string) =>
    notExpired(await table.get(pk))?.['subject'] as Record | undefined;
  const saveRecord = async <Record extends SubjectRecord | JoinList>(subject: Record) => {
    const next = { ...subject, version: subject.version + 1 };
    const item = {
      pk: subject.subjectKey,
      version: next.version,
      subject: next,
      [TTL_ATTRIBUTE]: expiresIn(KEEP_SUBJECT_SECONDS),
    };
    const condition = subject.version === 0 ? absentOrExpired() : versionIs(subject.version);
    return (await table.put(item, condition)) ? next : undefined;
  };

  return {
    dueShards: DUE_SHARDS,
    create: (run, insteadOf) => table.put(runItem(run), undecided(insteadOf)),
    async get(runKey) {
      return runIn(await table.get(keys.run(runKey)));
    },
    async decided(runKey) {
      const item = await table.get(keys.run(runKey));
      const run = runIn(item);
      if (run) return { kind: 'run', run };
      return item?.['joins'] ? { kind: 'joins', note: item['joins'] as JoinNote } : undefined;
    },
    noteJoin: (runKey, note, insteadOf) =>
      table.put(
        { pk: keys.run(runKey), joins: note, [TTL_ATTRIBUTE]: expiresIn(KEEP_NOTE_SECONDS) },
        undecided(insteadOf),
      ),
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
      return runIn(item);
    },
    async listBySubject(subjectKey, limit) {
      const items = await table.query({
        index: INDEXES.bySubject,
        hash: subjectKey,
        newestFirst: true,
        limit,
      });
      const records = await table.getAll(items.map(({ pk }) => String(pk)));
      return records.flatMap((item) => runIn(item) ?? []);
    },
    async listOpen(projectId, jobId, limit) {
      const items = await table.query({
        index: INDEXES.openByProject,
        hash: openKey(projectId, jobId),
        newestFirst: false,
        limit,
      });
      return items.map(({ pk }) => runKeyIn(pk));
    },
    async listDue(shard, atMs, limit) {
      const items = await table.query({
        index: INDEXES.due,
        hash: String(shard),
        rangeUpTo: atMs,
        newestFirst: false,
        limit,
      });
      return items.map(({ pk, dueAtMs }) => ({ runKey: runKeyIn(pk), dueAtMs: Number(dueAtMs) }));
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
    getSubject: (subjectKey) => record<SubjectRecord>(subjectKey),
    saveSubject: saveRecord,
    getJoins: (runKey) => record<JoinList>(keys.joins(runKey)),
    saveJoins: saveRecord,
    async countUpTo(counterKey, limit, expiresAtMs) {
      if (limit <= 0) return false;
      const pk = keys.counter(counterKey);
      const expiresAtSeconds = Math.floor(expiresAtMs / 1000);
      const counted = await table.update(
        pk,
        {
          expression: 'ADD used :one SET #expires = :expires',
          names: { '#expires': TTL_ATTRIBUTE },
          values: { ':one': 1, ':limit': limit, ':expires': expiresAtSeconds, ':now': nowSeconds() },
        },
        'attribute_not_exists(pk) OR (used < :limit AND #expires > :now)',
      );
      return (
        counted !== undefined ||
        table.put({ pk, used: 1, [TTL_ATTRIBUTE]: expiresAtSeconds }, absentOrExpired())
      );
    },
    async counted(counterKey) {
      return Number(notExpired(await table.get(keys.counter(counterKey)))?.['used'] ?? 0);
    },
    async measuredWith(projectId, jobId) {
      return new Map(measuredIn(await table.get(keys.measured(projectId, jobId))));
    },
    async addMeasured(projectId, jobId, horreumRunId, parameters) {
      const pk = keys.measured(projectId, jobId);
      for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt += 1) {
        const before = await table.get(pk);
        const version = Number(before?.['version'] ?? 0);
        const others = measuredIn(before).filter(([runId]) => runId !== horreumRunId);
        const measured = [...others, [horreumRunId, parameters]].slice(-MEASURED_KEPT);
        while (JSON.stringify(measured).length > MEASURED_CHARACTERS) measured.shift();
        const item = { pk, version: version + 1, measured: JSON.stringify(measured) };
        if (await table.put(item, versionIs(version))) return;
      }
    },
    async durations(projectId, jobId) {
      const item = await table.get(keys.durations(projectId, jobId));
      return Array.isArray(item?.['durationsMs']) ? (item['durationsMs'] as number[]) : [];
    },
    async addDuration(projectId, jobId, durationMs) {
      if (!Number.isFinite(durationMs)) return;
      const pk = keys.durations(projectId, jobId);
      const before = await table.get(pk);
      const version = Number(before?.['version'] ?? 0);
      const durationsMs = [...((before?.['durationsMs'] as number[] | undefined) ?? []), durationMs].slice(
        -DURATIONS_KEPT,
      );
      await table.put({ pk, version: version + 1, durationsMs: storable(durationsMs) }, versionIs(version));
    },
  };
}

type Measured = readonly [horreumRunId: number, parameters: Readonly<Record<string, string>>];

function measuredIn(item: Item | undefined): Measured[] {
  const text = item?.['measured'];
  return typeof text === 'string' ? (JSON.parse(text) as Measured[]) : [];
}

/** A request may still get a run of its own in place of the open one that did not hear it any more, and only of that one. */
function undecided(insteadOf: string | undefined): Condition {
  return insteadOf === undefined
    ? { expression: 'attribute_not_exists(pk)' }
    : {
        expression: 'attribute_not_exists(pk) OR (joins.holderKey = :insteadOf AND joins.isOver = :no)',
        values: { ':insteadOf': insteadOf, ':no': false },
      };
}

function versionIs(version: number) {
  return version === 0
    ? { expression: 'attribute_not_exists(pk)' }
    : { expression: 'version = :version', values: { ':version': version } };
}
