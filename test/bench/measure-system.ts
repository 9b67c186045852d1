/** The whole system on one machine, outside systems at fixed delays: how long people wait, and what one run costs in calls and units. */
import { playScene } from '../../infra/local/scene/play-scene.ts';
import { storedBytes, type Units } from './consumed-units.ts';
import { rounded } from './figures.ts';
import {
  SYSTEMS,
  startMeteredWorld,
  USUAL_DELAYS_MS,
  type MeteredWorld,
  type System,
} from './metered-world.ts';
import type { RelayedCall } from './start-relay.ts';
import { forgetCalls, tallyCalls, totals, unitsOf, type Tally } from './tally-calls.ts';
import { until, untilQuiet } from './until.ts';
import { workerTimes } from './worker-times.ts';

export interface SystemResults {
  readonly delaysMs: Readonly<Record<System, number>>;
  /** From the moment that the delivery was in the queue. */
  readonly eyesMs: number;
  readonly jobStartedMs: number;
  /** From Horreum's word that the labels are there to the report on GitHub. */
  readonly horreumToCommentMs: number;
  readonly run: RunCost;
  /** Of each message of the run. */
  readonly commandMs: readonly number[];
  readonly runMs: readonly number[];
  readonly commands: Readonly<Record<string, Readonly<Record<System, number>>>>;
}

export interface RunCost {
  readonly calls: Readonly<Record<System, number>>;
  readonly kinds: Readonly<Record<System, Tally>>;
  readonly units: Units;
  /** Of everything that it leaves in the table. */
  readonly storedBytes: number;
}

const COMMANDS = ['help', 'list', 'status', 'plan getting-started', 'history', 'queue'];
const QUIET_MS = 400;
/** Looks that were arranged before a hint came sooner. */
const LATE_LOOKS_MS = 3_000;

export async function measureSystem(): Promise<SystemResults> {
  const metered = await startMeteredWorld(USUAL_DELAYS_MS, { speed: 2 });
  try {
    await sayCommand(metered, 'help'); // the first delivery teaches the project its repository; that happens once
    const { scene, cost } = await playRun(metered);
    if (!scene.ok) throw new Error('the scene did not end with a report');
    const times = { ...timesOf(metered), ...workerTimes(metered.relays.sqs.calls) };
    const commands: Record<string, Record<System, number>> = {};
    for (const command of COMMANDS) {
      await sayCommand(metered, command);
      commands[command] = totals(metered);
    }
    return { delaysMs: USUAL_DELAYS_MS, ...times, run: cost, commands };
  } finally {
    await metered.close();
  }
}

async function playRun(metered: MeteredWorld) {
  forgetCalls(metered);
  const scene = await playScene(metered.world, () => undefined);
  const isGivenBack = ({ target, requestText }: RelayedCall) =>
    target?.endsWith('.DeleteItem') === true && requestText.includes('OPEN#');
  await until('the run is settled', () => metered.relays.dynamodb.calls.some(isGivenBack));
  await untilQuiet(() => callsOf(metered), LATE_LOOKS_MS);
  const kinds = Object.fromEntries(SYSTEMS.map((system) => [system, tallyCalls(metered, system)]));
  const cost: RunCost = {
    calls: totals(metered),
    kinds: kinds as Record<System, Tally>,
    units: unitsOf(metered),
    storedBytes: storedBytes(metered.relays.dynamodb.calls),
  };
  return { scene, cost };
}

/** Writes a command and waits until nothing happens any more; the relays then hold its calls only. */
async function sayCommand(metered: MeteredWorld, command: string): Promise<void> {
  const { world, relays } = metered;
  await untilQuiet(() => callsOf(metered), QUIET_MS);
  forgetCalls(metered);
  world.addComment('ana', `/perf-bot ${command}`);
  const isAnswered = ({ method, path }: RelayedCall) => method === 'POST' && path.endsWith('/comments');
  await until(`an answer to ${command}`, () => relays.github.calls.some(isAnswered));
  await untilQuiet(() => callsOf(metered), QUIET_MS);
}

/** Calls of the bot, not the pollers' own. */
function callsOf(metered: MeteredWorld): number {
  return Object.values(totals(metered)).reduce((sum, count) => sum + count, 0);
}

function timesOf({ relays }: MeteredWorld) {
  const first = (system: System, fits: (call: RelayedCall) => boolean) =>
    relays[system].calls.find(fits)?.atMs ?? Number.NaN;
  const last = (system: System, fits: (call: RelayedCall) => boolean) =>
    relays[system].calls.findLast(fits)?.atMs ?? Number.NaN;
  const isSend = ({ target }: RelayedCall) => target === 'AmazonSQS.SendMessage';
  const queuedAtMs = first('sqs', (call) => isSend(call) && call.requestText.includes('/perf-bot run'));
  const hintAtMs = last(
    'sqs',
    (call) => isSend(call) && call.requestText.includes('dataset_labels/computed'),
  );
  const eyesAtMs = first('github', ({ path }) => path.endsWith('/reactions'));
  const startAtMs = first('jenkins', ({ method }) => method === 'POST');
  const commentAtMs = last(
    'github',
    ({ method, path }) => method === 'PATCH' && path.includes('/issues/comments/'),
  );
  return {
    eyesMs: rounded(eyesAtMs - queuedAtMs, 0),
    jobStartedMs: rounded(startAtMs - queuedAtMs, 0),
    horreumToCommentMs: rounded(commentAtMs - hintAtMs, 0),
  };
}
