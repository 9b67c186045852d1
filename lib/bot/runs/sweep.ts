/** Finds runs whose next look is overdue and sends each a message. Its cost follows the due runs, never the ended ones. */
import type { BotDeps } from './bot-deps.ts';

/** How long a run that was handed to the queue is left alone. */
const LEFT_ALONE_MS = 5 * 60_000;
const PAGE = 100;

export interface Sweep {
  readonly due: number;
  readonly oldestOverdueMs: number;
}

/** `untilMs`: when to stop, so that a great backlog is left to the next sweep. */
export async function sweepRuns(deps: BotDeps, untilMs: number): Promise<Sweep> {
  const shards = Array.from({ length: deps.runs.dueShards }, (_, shard) => shard);
  const swept = await Promise.all(shards.map((shard) => sweepShard(deps, shard, untilMs)));
  return {
    due: swept.reduce((sum, { due }) => sum + due, 0),
    oldestOverdueMs: Math.max(0, ...swept.map(({ oldestOverdueMs }) => oldestOverdueMs)),
  };
}

async function sweepShard(deps: BotDeps, shard: number, untilMs: number): Promise<Sweep> {
  let due = 0;
  let oldestOverdueMs = 0;
  for (;;) {
    const nowMs = deps.nowMs();
    const page = await deps.runs.listDue(shard, nowMs, PAGE);
    oldestOverdueMs = Math.max(oldestOverdueMs, ...page.map(({ dueAtMs }) => nowMs - dueAtMs));
    const handed = await Promise.all(
      page.map(async ({ runKey, dueAtMs }) => {
        if (!(await deps.runs.postpone(runKey, dueAtMs, nowMs + LEFT_ALONE_MS))) return 0;
        await deps.runQueue.send({ version: 1, kind: 'look', runKey });
        return 1;
      }),
    );
    due += handed.filter((one) => one === 1).length;
    if (page.length < PAGE || deps.nowMs() >= untilMs) return { due, oldestOverdueMs };
  }
}
