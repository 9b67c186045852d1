/** Whose run a lab's hint may have looked at. */
import { expect, test } from '@jest/globals';
import type { BotDeps } from '../../../../lib/bot/runs/bot-deps.ts';
import type { RunMessage } from '../../../../lib/bot/record/messages.ts';
import { takeRunMessage } from '../../../../lib/bot/runs/take-run-message.ts';
import { aRun } from '../a-run.ts';

/** What is queued where another worker has the run: the look that the hint has earned. */
async function looksAfterHint(projectId: string): Promise<RunMessage[]> {
  const queued: RunMessage[] = [];
  const deps = {
    runs: { get: () => Promise.resolve(aRun()), lease: () => Promise.resolve(undefined) },
    runQueue: { send: (message: RunMessage) => Promise.resolve(void queued.push(message)) },
    projects: {},
    log: { warn: () => undefined },
    nowMs: Date.now,
  } as unknown as BotDeps;
  await takeRunMessage(
    deps,
    { version: 1, kind: 'perflab', projectId, runKey: `${aRun().runKey}-2` },
    Date.now(),
  );
  return queued;
}

test('a lab’s token has the runs of its own project looked at, and nobody else’s', async () => {
  expect(await looksAfterHint(aRun().projectId)).toMatchObject([{ kind: 'look', runKey: aRun().runKey }]);
  expect(await looksAfterHint('another-project')).toEqual([]);
});
