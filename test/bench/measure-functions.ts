/** Cold and warm: every function's bundle beside the floor, one after another in turns, so that a slow moment of the machine hits all alike. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FUNCTION_NAMES, specOf, type FunctionName } from '../../infra/aws/functions.ts';
import { mean, median, quantile, rounded } from './figures.ts';
import { benchSecrets, benchVariables, gitHubEvent, usualEvent, type EventName } from './sample-events.ts';
import { startFunction, type StartedFunction } from './start-function.ts';
import { startStub } from './start-stub.ts';

export const STUB_DELAY_MS = 2;
/** A function of 1,769 MB has one CPU. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_OF_ONE_CPU = 1_769;
const SMALL_MB = 128;

export interface ColdRow {
  readonly name: string;
  readonly readyMs: number;
  readonly totalMs: number;
  readonly totalToFloor: number;
  /** Computed: init has a full CPU, what comes after it the share of 128 MB. */
  readonly totalAt128Ms: number;
  readonly at128ToFloor: number;
  readonly peakMb: number;
  readonly givenMb: number;
}

interface Cold {
  readonly readyMs: number;
  readonly totalMs: number;
  readonly cpuAfterReadyMs: number;
  readonly peakBytes: number;
}

export async function measureCold(
  distDir: string,
  times: number,
  names: readonly FunctionName[] = FUNCTION_NAMES,
): Promise<ColdRow[]> {
  const stub = await startStub({ delayMs: STUB_DELAY_MS, secrets: benchSecrets() });
  const variables = benchVariables(stub.url);
  const candidates = [
    { name: 'floor', dir: join(import.meta.dirname, 'floor'), memoryMb: 256, event: gitHubEvent('accepted') },
    ...names.map((name) => ({
      name,
      dir: join(distDir, name),
      memoryMb: specOf(name).memoryMb,
      event: usualEvent(name),
    })),
  ];
  const seen = new Map<string, Cold[]>(candidates.map(({ name }) => [name, []]));
  const bare: number[] = [];
  for (let round = 0; round <= times; round += 1) {
    const bareMs = await bareNodeMs();
    if (round > 0) bare.push(bareMs);
    for (const { name, dir, memoryMb, event } of candidates) {
      const started = await startFunction({ dir, name, memoryMb, variables });
      const answered = await started.invoke(event);
      if (answered.failed) throw new Error(`${name} failed: ${JSON.stringify(answered.body)}`);
      const cold = {
        readyMs: started.readyMs,
        totalMs: answered.atMs - started.spawnedAtMs,
        cpuAfterReadyMs: answered.cpuMs,
        peakBytes: started.peakBytes() ?? Number.NaN,
      };
      await started.stop();
      if (round > 0) seen.get(name)?.push(cold); // the first round only fills the disk's cache
    }
  }
  await stub.close();
  const floor = seen.get('floor') ?? [];
  const floorMs = median(floor.map(({ totalMs }) => totalMs));
  const floorAt128Ms = at128(floor);
  const bareMs = median(bare);
  const bareRow: ColdRow = {
    name: 'node -e 0',
    readyMs: Number.NaN,
    totalMs: rounded(bareMs, 1),
    totalToFloor: rounded(bareMs / floorMs),
    totalAt128Ms: Number.NaN,
    at128ToFloor: Number.NaN,
    peakMb: Number.NaN,
    givenMb: Number.NaN,
  };
  const rows = candidates.map(({ name, memoryMb }): ColdRow => {
    const colds = seen.get(name) ?? [];
    const totalMs = median(colds.map((cold) => cold.totalMs));
    return {
      name,
      readyMs: rounded(median(colds.map((cold) => cold.readyMs)), 1),
      totalMs: rounded(totalMs, 1),
      totalToFloor: rounded(totalMs / floorMs),
      totalAt128Ms: rounded(at128(colds), 0),
      at128ToFloor: rounded(at128(colds) / floorAt128Ms),
      peakMb: rounded(median(colds.map(({ peakBytes }) => peakBytes)) / 2 ** 20, 0),
      givenMb: memoryMb,
    };
  });
  return [bareRow, ...rows];
}

/** The means, since the system counts CPU time in coarse ticks; waiting is not slowed down. */
function at128(colds: readonly Cold[]): number {
  const share = SMALL_MB / MB_OF_ONE_CPU;
  return mean(colds.map(({ totalMs, cpuAfterReadyMs }) => totalMs + cpuAfterReadyMs * (1 / share - 1)));
}

async function bareNodeMs(): Promise<number> {
  const startedAtMs = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAtMs;
}

export interface WarmRow {
  readonly what: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p50ToFloor: number;
  readonly perSecond: number;
  readonly peakMb: number;
}

/** Warm: each event in turns with the floor; the functions stay up. */
export async function measureWarm(distDir: string, times: number): Promise<WarmRow[]> {
  const stub = await startStub({ delayMs: STUB_DELAY_MS, secrets: benchSecrets() });
  const variables = benchVariables(stub.url);
  const start = (name: string, dir: string) => startFunction({ dir, name, memoryMb: 256, variables });
  const floor = await start('floor', join(import.meta.dirname, 'floor'));
  const doors = ['github-webhook', 'horreum-webhook', 'perflab-webhook'] as const;
  const started = new Map<string, StartedFunction>();
  for (const name of doors) started.set(name, await start(name, join(distDir, name)));
  const kinds: readonly EventName[] = ['accepted', 'ignored', 'forged'];
  const tried = [
    ...kinds.map((kind) => ({ what: `floor: ${kind}`, on: floor, event: gitHubEvent(kind), floor: kind })),
    ...kinds.map((kind) => ({
      what: `github-webhook: ${kind}`,
      on: started.get('github-webhook'),
      event: gitHubEvent(kind),
      floor: kind,
    })),
    ...doors.slice(1).map((name) => ({
      what: `${name}: accepted`,
      on: started.get(name),
      event: usualEvent(name),
      floor: 'accepted',
    })),
  ];
  const seen = new Map<string, number[]>(tried.map(({ what }) => [what, []]));
  const warmUp = Math.ceil(times / 5);
  for (let round = -warmUp; round < times; round += 1) {
    for (const { what, on, event } of tried) {
      const sentAtMs = performance.now();
      const answered = await on?.invoke(event);
      if (round >= 0 && answered) seen.get(what)?.push(answered.atMs - sentAtMs);
    }
  }
  const rows = tried.map(({ what, on, floor: kind }): WarmRow => {
    const took = seen.get(what) ?? [];
    const floorMs = median(seen.get(`floor: ${kind}`) ?? []);
    return {
      what,
      p50Ms: rounded(median(took), 3),
      p99Ms: rounded(quantile(took, 0.99), 3),
      p50ToFloor: rounded(median(took) / floorMs),
      perSecond: Math.round(1000 / mean(took)),
      peakMb: rounded((on?.peakBytes() ?? Number.NaN) / 2 ** 20, 0),
    };
  });
  for (const one of [floor, ...started.values()]) await one.stop();
  await stub.close();
  return rows;
}
