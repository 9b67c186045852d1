/** Cold: every function's bundle beside the floor, one after another in turns, so that a slow moment of the machine hits all alike. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_NAMES, specOf, type FunctionName } from '../../infra/aws/functions.ts';
import { mean, median, rounded } from './figures.ts';
import { benchSecrets, benchVariables, gitHubEvent, usualEvent } from './sample-events.ts';
import { selfSigned } from './self-signed.ts';
import { startFunction } from './start-function.ts';
import { startStub } from './start-stub.ts';
import { throttleCpu, type Throttle } from './throttle-cpu.ts';

export const STUB_DELAY_MS = 2;
/** A function of 1,769 MB has one CPU. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_OF_ONE_CPU = 1_769;
export const SMALL_MB = 128;
const SMALL_SHARE = SMALL_MB / MB_OF_ONE_CPU;

export interface ColdOptions {
  readonly distDir: string;
  readonly times: number;
  readonly names?: readonly FunctionName[];
  /** AWS and GitHub over TLS, as they are in earnest. */
  readonly overTls?: boolean;
  /** From the moment that the function is ready it gets the CPU share of 128 MB; before that Lambda gives it a full one. */
  readonly throttled?: boolean;
}

export interface ColdRow {
  readonly name: string;
  readonly readyMs: number;
  readonly totalMs: number;
  readonly totalToFloor: number;
  /** User and system, from the start to the answer. */
  readonly cpuMs: number;
  readonly cpuToFloor: number;
  /** Computed from the CPU time: init has a full CPU, what comes after it the share of 128 MB. */
  readonly totalAt128Ms: number;
  readonly at128ToFloor: number;
  readonly peakMb: number;
  readonly givenMb: number;
  readonly peakToGiven: number;
}

interface Candidate {
  readonly name: string;
  readonly dir: string;
  readonly memoryMb: number;
  readonly event: unknown;
}

interface Cold {
  readonly readyMs: number;
  readonly totalMs: number;
  readonly cpuMs: number;
  readonly cpuAfterReadyMs: number;
  readonly peakBytes: number;
}

export async function measureCold(options: ColdOptions): Promise<ColdRow[]> {
  const { distDir, times, names = FUNCTION_NAMES, overTls = false, throttled = false } = options;
  const dir = await mkdtemp(join(tmpdir(), 'perf-bot-bench-tls-'));
  const tls = overTls ? selfSigned() : undefined;
  const authority = join(dir, 'ca.pem');
  if (tls) await writeFile(authority, tls.cert);
  const stub = await startStub({ delayMs: STUB_DELAY_MS, secrets: benchSecrets(), tls });
  const variables = { ...benchVariables(stub.url), ...(tls && { NODE_EXTRA_CA_CERTS: authority }) };
  const throttle = throttled ? throttleCpu(SMALL_SHARE) : undefined;
  const candidates = candidatesOf(distDir, names);
  const seen = new Map<string, Cold[]>(candidates.map(({ name }) => [name, []]));
  const bareMs: number[] = [];
  try {
    for (let round = 0; round <= times; round += 1) {
      const bare = await bareNodeMs();
      const colds: (readonly [string, Cold])[] = [];
      for (const one of candidates) colds.push([one.name, await startOnce(one, variables, throttle)]);
      if (round === 0) continue; // the first round only fills the disk's cache
      bareMs.push(bare);
      for (const [name, cold] of colds) seen.get(name)?.push(cold);
    }
  } finally {
    await throttle?.close();
    await stub.close();
    await rm(dir, { recursive: true, force: true });
  }
  return rowsOf(candidates, seen, median(bareMs));
}

function candidatesOf(distDir: string, names: readonly FunctionName[]): Candidate[] {
  const floor = join(import.meta.dirname, 'floor');
  return [
    { name: FLOOR, dir: floor, memoryMb: 256, event: gitHubEvent('accepted') },
    ...names.map((name) => ({
      name,
      dir: join(distDir, name),
      memoryMb: specOf(name).memoryMb,
      event: usualEvent(name),
    })),
  ];
}

async function startOnce(
  { name, dir, memoryMb, event }: Candidate,
  variables: Readonly<Record<string, string>>,
  throttle: Throttle | undefined,
): Promise<Cold> {
  const started = await startFunction({ dir, name, memoryMb, variables });
  throttle?.start(started.pid);
  const answered = await started.invoke(event);
  throttle?.stop();
  if (answered.failed) throw new Error(`${name} failed: ${JSON.stringify(answered.body)}`);
  const cold = {
    readyMs: started.readyMs,
    totalMs: answered.atMs - started.spawnedAtMs,
    cpuMs: answered.cpuInAllMs,
    cpuAfterReadyMs: answered.cpuMs,
    peakBytes: started.peakBytes() ?? Number.NaN,
  };
  await started.stop();
  return cold;
}

const FLOOR = 'floor';

function rowsOf(
  candidates: readonly Candidate[],
  seen: ReadonlyMap<string, readonly Cold[]>,
  bareMs: number,
): ColdRow[] {
  const floor = seen.get(FLOOR) ?? [];
  const of = (colds: readonly Cold[], field: keyof Cold) => median(colds.map((cold) => cold[field]));
  const rows = candidates.map(({ name, memoryMb }): ColdRow => {
    const colds = seen.get(name) ?? [];
    const peakMb = of(colds, 'peakBytes') / 2 ** 20;
    return {
      name,
      readyMs: rounded(of(colds, 'readyMs'), 1),
      totalMs: rounded(of(colds, 'totalMs'), 1),
      totalToFloor: rounded(of(colds, 'totalMs') / of(floor, 'totalMs')),
      cpuMs: rounded(of(colds, 'cpuMs'), 0),
      cpuToFloor: rounded(of(colds, 'cpuMs') / of(floor, 'cpuMs')),
      totalAt128Ms: rounded(at128(colds), 0),
      at128ToFloor: rounded(at128(colds) / at128(floor)),
      peakMb: rounded(peakMb, 0),
      givenMb: memoryMb,
      peakToGiven: rounded(peakMb / memoryMb),
    };
  });
  const bareRow = { totalMs: rounded(bareMs, 1), totalToFloor: rounded(bareMs / of(floor, 'totalMs')) };
  return [{ name: 'node -e 0', ...NOTHING, ...bareRow }, ...rows];
}

const NOTHING: Omit<ColdRow, 'name'> = {
  readyMs: Number.NaN,
  totalMs: Number.NaN,
  totalToFloor: Number.NaN,
  cpuMs: Number.NaN,
  cpuToFloor: Number.NaN,
  totalAt128Ms: Number.NaN,
  at128ToFloor: Number.NaN,
  peakMb: Number.NaN,
  givenMb: Number.NaN,
  peakToGiven: Number.NaN,
};

/** The means, since the system counts CPU time in coarse ticks; waiting is not slowed down. */
function at128(colds: readonly Cold[]): number {
  return mean(colds.map(({ totalMs, cpuAfterReadyMs }) => totalMs + cpuAfterReadyMs * (1 / SMALL_SHARE - 1)));
}

async function bareNodeMs(): Promise<number> {
  const startedAtMs = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAtMs;
}
