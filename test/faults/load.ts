/**
 * `npm run test:load`: what the bot does under load, in virtual time, against a GitHub that enforces its limits. Prints figures;
 * fails where something was lost or done twice.
 */
import type { PullRequest } from '../../infra/local/github/state/records.ts';
import { createDynamoRunStore } from '../../lib/aws/dynamo-run-store.ts';
import type { BotDeps } from '../../lib/bot/runs/bot-deps.ts';
import type { JobRun } from '../../lib/bot/record/job-run.ts';
import { sweepRuns } from '../../lib/bot/runs/sweep.ts';
import { playScene, type Pace } from './play-scene.ts';
import { closeEmbeddedTables, makeFreshTable } from './embedded-tables.ts';
import { buildsOf, judgeComments, median, must, say, sayWhatWasLost, seconds, tell } from './judge-load.ts';
import { JOB } from './outside.ts';
import { startWorld, type World } from './world.ts';

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const GITHUB_LIMITS = { perHour: 5_000, contentPerMinute: 80 };
/** Ten functions at once, each with a batch of ten that takes a quarter of a second. */
const BUSY: Pace = { batches: 10, workMs: 250 };

const LOADS = { commands: manyPullRequests, one: onePullRequest, sweeper: manyOpenRuns, storm: eventStorm };
const [only] = process.argv.slice(2);
for (const [name, load] of Object.entries(LOADS)) if (only === undefined || only === name) await load();
await closeEmbeddedTables();
process.exitCode = sayWhatWasLost() === 0 ? 0 : 1;

async function manyPullRequests(): Promise<void> {
  const count = 200;
  say(`${count} commands at once on as many pull requests`);
  const world = await startWorld({ rateLimits: GITHUB_LIMITS, executors: 50 });
  const { repository } = world.pulls[0];
  const pulls = Array.from({ length: count }, (_, index) =>
    world.github.openPullRequest(repository, { author: 'ana', headRef: `b${index}`, title: `b${index}` }),
  );
  const startedAtMs = world.clock.nowMs();
  const atRest = await playScene(world, [commentOn(pulls.map((pull) => ({ pull, by: 'ana' })))], BUSY);
  must(atRest, 'it never came to rest');
  const ends: number[] = [];
  for (const pull of pulls) {
    const runs = await world.runsOf(pull);
    must(runs.length === 1, `pull request ${pull.number} has ${runs.length} runs`);
    judgeComments(pull, runs);
    for (const run of runs) {
      must(run.state === 'reported' && run.published.settled === true, `${run.runKey} is ${run.state}`);
      must(buildsOf(world, run) === 1, `${run.runKey} was built ${buildsOf(world, run)} times`);
      ends.push((run.endedAtMs ?? Infinity) - startedAtMs);
    }
  }
  const mentionedMs = pulls.map(({ comments }) => (comments.at(-1)?.createdAtMs ?? Infinity) - startedAtMs);
  tell(world, startedAtMs);
  say(`  verdicts: half after ${seconds(median(ends))}, all after ${seconds(Math.max(...ends))}`);
  say(
    `  mentions: half after ${seconds(median(mentionedMs))}, all after ${seconds(Math.max(...mentionedMs))}`,
  );
  await world.close();
}

async function onePullRequest(): Promise<void> {
  say('50 commands at once on one pull request');
  const world = await startWorld({ rateLimits: GITHUB_LIMITS });
  const [pull] = world.pulls;
  const startedAtMs = world.clock.nowMs();
  const wishes = Array.from({ length: 50 }, (_, index) => ({ pull, by: index % 2 === 0 ? 'ana' : 'mia' }));
  must(await playScene(world, [commentOn(wishes)], BUSY), 'it never came to rest');
  const runs = await world.runsOf(pull);
  must(runs.length === 1, `there are ${runs.length} runs`);
  judgeComments(pull, runs);
  for (const run of runs)
    must(buildsOf(world, run) === 1, `${run.runKey} was built ${buildsOf(world, run)} times`);
  tell(world, startedAtMs);
  await world.close();
}

async function manyOpenRuns(): Promise<void> {
  const count = 10_000;
  say(`${count} open runs under the sweeper (one embedded DynamoDB; real time)`);
  let nowMs = Date.now();
  const { table } = await makeFreshTable();
  const runs = createDynamoRunStore(table, () => nowMs);
  for (let first = 0; first < count; first += 100)
    await Promise.all(Array.from({ length: 100 }, (_, index) => runs.create(openRun(first + index, nowMs))));
  const handed = new Map<string, number>();
  const deps = {
    runs,
    nowMs: () => nowMs,
    runQueue: {
      send: async (message: { readonly kind: string; readonly runKey?: string }) => {
        const key = message.runKey ?? '';
        handed.set(key, (handed.get(key) ?? 0) + 1);
      },
    },
  } as unknown as BotDeps;
  nowMs += 60_000;
  const startedAtMs = performance.now();
  const swept = await sweepRuns(deps, Infinity);
  const tookMs = performance.now() - startedAtMs;
  must(handed.size === count, `${count - handed.size} due runs were not handed out`);
  must(
    [...handed.values()].every((times) => times === 1),
    'a run was handed out twice',
  );
  const again = await sweepRuns(deps, Infinity);
  must(again.due === 0, `${again.due} runs were handed out again at once`);
  say(`  one sweep handed out ${swept.due} in ${seconds(tookMs)}; the next found ${again.due} due`);
}

async function eventStorm(): Promise<void> {
  const count = 5_000;
  say(`${count} repeated events of one upload, each with a new dataset, while its job still runs`);
  const world = await startWorld({ rateLimits: GITHUB_LIMITS, lingersMs: 30 * 60_000 });
  const startedAtMs = world.clock.nowMs();
  const action = [...world.horreum.store.actions.values()].find(
    ({ event }) => event === 'dataset_labels/computed',
  );
  const hookUrl = String(action?.config['url']);
  let stormed = false;
  let before = 0;
  const atRest = await playScene(
    world,
    [
      commentOn([{ pull: world.pulls[0], by: 'ana' }]),
      {
        when: ({ horreum }) => !stormed && horreum.calls.some(({ path }) => path.startsWith('/api/run/data')),
        act: () => {
          stormed = true;
          before = world.seen.length;
          void post(hookUrl, count);
        },
      },
    ],
    BUSY,
  );
  must(atRest, 'it never came to rest');
  const runs = await world.runsOf(world.pulls[0]);
  must(runs.length === 1 && runs[0]?.state === 'reported', `the run is ${runs[0]?.state}`);
  judgeComments(world.pulls[0], runs);
  tell(world, startedAtMs);
  say(`  ${((world.seen.length - before) / count).toFixed(1)} calls an event`);
  await world.close();
}

async function post(url: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += 20)
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            testId: 10,
            runId: 7,
            datasetId: 1_000 + first + index,
            isReprocessed: true,
          }),
        }),
      ),
    );
}

function commentOn(wishes: readonly { readonly pull: PullRequest; readonly by: string }[]) {
  return {
    when: () => true,
    act: ({ github }: World) => {
      for (const { pull, by } of wishes) github.addComment(pull, by, `/perf-bot run ${JOB}`);
    },
  };
}

function openRun(index: number, nowMs: number): JobRun {
  return {
    runKey: `pb-load-${index}`,
    version: 1,
    projectId: 'load',
    repository: { id: 1, fullName: 'acme/webshop', private: false },
    installationId: 1,
    subject: { kind: 'pull-request', number: index, fromFork: false },
    jobId: JOB,
    platform: 'jenkins',
    headSha: 'a'.repeat(40),
    baseRef: 'main',
    parameters: {},
    arguments: {},
    requestedBy: [],
    automatic: false,
    trigger: { kind: 'comment', id: String(index), atMs: nowMs },
    claimKey: `claim-${index}`,
    state: 'running',
    history: [{ state: 'running', atMs: nowMs }],
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + 7_200_000,
    resultsTimeoutMs: 900_000,
    platformRun: { attempt: 1, requestedAtMs: nowMs, unknownStarts: 0, misses: 0 },
    published: {},
    lookNumber: 1,
    dueAtMs: nowMs + (index % 50_000),
  };
}
