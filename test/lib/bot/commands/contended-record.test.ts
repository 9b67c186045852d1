/** What a command or a delivery writes into a pull request's record is never dropped because others write there too: it fails, and comes again. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDynamoRunStore } from '../../../../lib/aws/dynamo-run-store.ts';
import type { CommandContext } from '../../../../lib/bot/commands/command-context.ts';
import {
  handlePullRequest,
  type PullRequestEvent,
} from '../../../../lib/bot/commands/handle-pull-request.ts';
import { rememberRequest } from '../../../../lib/bot/commands/remember-request.ts';
import type { RunStore } from '../../../../lib/bot/record/run-store.ts';
import type { BotDeps } from '../../../../lib/bot/runs/bot-deps.ts';
import { startTable, type StartedTable } from '../../aws/started-table.ts';
import { aProject } from '../a-project.ts';

const REPOSITORY = { id: 1, fullName: 'acme/shop', private: false };
const ANA = { id: 3, login: 'ana', isBot: false };

let started: StartedTable;
beforeAll(async () => void (started = await startTable()));
afterAll(() => started.close());

/** Somebody else writes the record after each of the first `times` readings. */
function contended(times: number): RunStore {
  const runs = createDynamoRunStore(started.table, () => started.clock.nowMs);
  let left = times;
  return {
    ...runs,
    async getSubject(subjectKey) {
      const read = await runs.getSubject(subjectKey);
      if ((left -= 1) >= 0) await runs.saveSubject(read ?? { subjectKey, version: 0 });
      return read;
    },
  };
}

const depsOf = (runs: RunStore) =>
  ({ runs, gitHubOf: () => ({}), nowMs: () => started.clock.nowMs }) as unknown as BotDeps;

const noteAWish = (runs: RunStore, number: number) =>
  rememberRequest(
    {
      deps: depsOf(runs),
      repository: REPOSITORY,
      number,
      person: ANA,
      trigger: { kind: 'comment', id: '4', commentId: 4, atMs: 0 },
      ordinal: 0,
    } as unknown as CommandContext,
    'smoke',
    {},
  );

const noteAPush = (runs: RunStore, number: number) =>
  handlePullRequest(
    depsOf(runs),
    {
      kind: 'pull-request',
      action: 'synchronize',
      repository: REPOSITORY,
      installationId: 2,
      number,
      headSha: 'a'.repeat(40),
      baseRef: 'main',
      fromFork: false,
      draft: false,
      label: undefined,
      sender: ANA,
      happenedAtMs: started.clock.nowMs,
    } satisfies PullRequestEvent,
    aProject(),
  );

test.each([
  ['what somebody asked for', 1, noteAWish, { askedFor: [{ jobId: 'smoke' }] }],
  ['the new head of a push', 2, noteAPush, { headSha: 'a'.repeat(40) }],
])('%s is written after a few tries, and fails after many', async (_what, number, note, written) => {
  const alone = createDynamoRunStore(started.table, () => started.clock.nowMs);
  await expect(note(contended(100), number)).rejects.toMatchObject({ retryable: true });
  await note(contended(4), number);
  expect(await alone.getSubject(`PR#1#${number}`)).toMatchObject(written);
});
