/** Takes up the runs of the last process at the start: their leases end at once, and every open run is due now, because nobody heard what labs and Horreum said meanwhile. */
import { createDocumentTable } from '../../../lib/aws/document-table.ts';
import { createDynamoRunStore } from '../../../lib/aws/dynamo-run-store.ts';
import { subjectKeyOf } from '../../../lib/bot/record/job-run.ts';
import type { RunStore } from '../../../lib/bot/record/run-store.ts';
import { readSettings } from '../../../lib/settings.ts';
import { tableConfig } from '../../../lib/wiring/aws.ts';
import type { BotEnvironment } from '../../../lib/wiring/environment.ts';

/** Every run that is not settled is due some day. */
const EVER_DUE_MS = 365 * 24 * 60 * 60_000;
const MOST_RUNS_A_SHARD = 1_000;

export async function takeUpRuns(environment: BotEnvironment): Promise<void> {
  const { tableName } = readSettings(environment.variables, ['TABLE_NAME']);
  const runs = createDynamoRunStore(
    createDocumentTable(tableName, tableConfig(environment)),
    environment.nowMs,
  );
  const nowMs = environment.nowMs();
  for (let shard = 0; shard < runs.dueShards; shard += 1) {
    for (const { runKey } of await runs.listDue(shard, nowMs + EVER_DUE_MS, MOST_RUNS_A_SHARD))
      await free(runs, runKey, nowMs);
  }
}

async function free(runs: RunStore, runKey: string, nowMs: number): Promise<void> {
  const run = await runs.get(runKey);
  if (!run) return;
  const { leaseUntilMs: _lease, ...unleased } = run;
  await runs.save({ ...unleased, dueAtMs: nowMs });
  const subject = await runs.getSubject(subjectKeyOf(run));
  if (!subject) return;
  const { drawLeaseUntilMs = 0, ...undrawn } = subject;
  if (drawLeaseUntilMs > nowMs) await runs.saveSubject(undrawn);
}
