/** What must hold after a scene, whatever broke in it: every violation as a sentence, none when all is well. */
import type { PullRequest } from '../../infra/local/github/state/records.ts';
import { hasEnded, RUN_STATES, type JobRun } from '../../lib/bot/record/job-run.ts';
import type { World } from './world.ts';

/** Gentle, firm, kill, each given its time; a build that ended by itself meanwhile is as good. */
const STOPPED_WITHIN_MS = 5 * 60_000;
const FIRST_END = RUN_STATES.indexOf('reported');

export interface Expected {
  /** How many runs each pull request must have. */
  readonly runs: readonly [number, number];
  /** Ends that are right for the runs of each pull request; a passing fault is no excuse for another. */
  readonly ends: readonly [readonly JobRun['state'][], readonly JobRun['state'][]];
  /** Outside calls in all: more is a storm. */
  readonly mostCalls?: number;
  /** From the command to the end of a run. */
  readonly mostMs?: number;
  /** What must hold beside that, each violation a sentence. */
  readonly also?: (world: World) => Promise<readonly string[]>;
}

export async function judge(world: World, cameToRest: boolean, expected: Expected): Promise<string[]> {
  const problems: string[] = [];
  const { mostCalls, mostMs } = expected;
  const check = (holds: boolean, problem: string) => void (holds || problems.push(problem));
  check(cameToRest, 'it never comes to rest');
  const letters = await world.deadLetters();
  const known = new Set<string>();
  for (const index of [0, 1] as const) {
    const pull = world.pulls[index];
    const runs = await world.runsOf(pull);
    check(runs.length === expected.runs[index], `pull request ${pull.number} has ${runs.length} runs`);
    for (const run of runs) {
      judgeRun(world, run, expected.ends[index], check);
      const tookMs = (run.endedAtMs ?? Infinity) - run.createdAtMs;
      check(
        mostMs === undefined || tookMs <= mostMs,
        `run ${run.runKey.slice(0, 9)} took ${tookMs / 1000} s`,
      );
      for (const key of keysOf(run)) known.add(key);
    }
    judgePullRequest(world, pull, runs, check);
  }
  for (const { key } of world.lab.runs())
    check(known.has(key), `${world.lab.product} ran ${key}, which is no run's`);
  for (const letter of letters)
    check(isTold(world, letter.body), `nobody was told of a dead letter: ${letter.body}`);
  for (const [queue, messages] of Object.entries(world.aws.messages))
    check(messages.length === 0, `${messages.length} messages are left in ${queue}`);
  check(
    world.acknowledgedEarly() === 0,
    `${world.acknowledgedEarly()} webhooks were acknowledged before they were queued`,
  );
  check(mostCalls === undefined || world.seen.length <= mostCalls, `it took ${world.seen.length} calls`);
  for (const call of world.unlisted()) problems.push(`a call that the list of places lacks: ${call}`);
  for (const secret of world.secrets())
    check(
      !world.logLines.some((line) => line.includes(secret)),
      `a secret is in the log: ${secret.slice(0, 6)}…`,
    );
  problems.push(...((await expected.also?.(world)) ?? []));
  return problems;
}

type Check = (holds: boolean, problem: string) => void;

function keysOf({ runKey, platformRun }: JobRun): string[] {
  return platformRun.attempt === 1 ? [runKey] : [runKey, `${runKey}-${platformRun.attempt}`];
}

function judgeRun(world: World, run: JobRun, ends: readonly JobRun['state'][], check: Check): void {
  const name = `run ${run.runKey.slice(0, 9)}`;
  check(hasEnded(run), `${name} is still ${run.state}`);
  check(
    !hasEnded(run) || ends.includes(run.state),
    `${name} ended as ${run.state}: ${run.failure?.reason ?? ''}`,
  );
  check(run.published.settled === true, `${name} is not settled`);
  check(run.dueAtMs === undefined, `${name} is still due`);
  const ended = run.history.filter(({ state }) => RUN_STATES.indexOf(state) >= FIRST_END);
  check(ended.length === 1, `${name} has ${ended.length} ends in its history`);
  for (const key of keysOf(run)) {
    const builds = world.lab.runs().filter((build) => build.key === key);
    const mayBeNone = run.state === 'cancelled' || run.failure?.looksLike === 'lab';
    check(
      builds.length === 1 || (mayBeNone && builds.length === 0),
      `${world.lab.product} ran ${key} ${builds.length} times`,
    );
    if (run.state !== 'cancelled') continue;
    const { cancelRequested } = run;
    check(cancelRequested !== undefined, `${name} is cancelled, and nobody knows by whom`);
    check(
      builds.every(
        ({ ended, endedAtMs = 0 }) =>
          ended && endedAtMs - (cancelRequested?.atMs ?? endedAtMs) < STOPPED_WITHIN_MS,
      ),
      `${name} is cancelled, but its build went on`,
    );
  }
  const checks = world.github.checkRuns().filter(({ externalId }) => externalId === run.runKey);
  check(checks.length === 1, `${name} has ${checks.length} check runs`);
  check(
    checks.every(({ status, conclusion }) => status === 'completed' && conclusion !== null),
    `the check run of ${name} is not completed`,
  );
}

function judgePullRequest(world: World, pull: PullRequest, runs: readonly JobRun[], check: Check): void {
  const name = `pull request ${pull.number}`;
  const own = pull.comments.filter(({ author }) => author.type === 'Bot').map(({ body }) => body);
  const status = own.filter((body) => body.includes('<!-- perf-bot:status -->'));
  check(status.length === Math.min(1, runs.length), `${name} has ${status.length} status comments`);
  const [newest] = runs;
  if (newest && status[0] !== undefined)
    check(
      status[0].includes(`"state":"${newest.state}"`),
      `the status comment of ${name} does not show that its newest run is ${newest.state}`,
    );
  for (const run of runs) {
    const mentions = own.filter((body) => body.includes(`perf-bot:mention ${run.runKey}`));
    check(mentions.length === 1, `run ${run.runKey.slice(0, 9)} has ${mentions.length} mentions`);
  }
  const replies = own.flatMap((body) => /perf-bot:(?:reply|dead) \d+/.exec(body)?.[0] ?? []);
  check(new Set(replies).size === replies.length, `${name} has a reply twice`);
}

/** A dead command has its notice; a dead look has its run, which must have ended (and is judged like any other). */
function isTold(world: World, body: string): boolean {
  const message = JSON.parse(body) as {
    readonly kind?: string;
    readonly delivery?: { readonly comment?: { readonly id: number } };
  };
  if (message.kind !== undefined) return true;
  const id = message.delivery?.comment?.id;
  if (id === undefined) return true;
  return world.pulls.some(({ comments }) =>
    comments.some((one) => one.body.includes(`perf-bot:dead ${id} `)),
  );
}
