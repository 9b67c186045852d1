/** Warm: each event in turns with the floor; the functions stay up. */
import { join } from 'node:path';
import { mean, median, quantile, rounded } from './figures.ts';
import { benchSecrets, benchVariables, gitHubEvent, usualEvent, type EventName } from './sample-events.ts';
import { startFunction, type StartedFunction } from './start-function.ts';
import { startStub } from './start-stub.ts';
import { STUB_DELAY_MS } from './measure-cold.ts';

export interface WarmRow {
  readonly what: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p50ToFloor: number;
  readonly perSecond: number;
  readonly peakMb: number;
}

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
