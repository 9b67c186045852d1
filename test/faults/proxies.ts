/** One fault proxy for each system, and who calls through them. */
import type { Platform } from '../../lib/perflab/job-executor.ts';
import { createCallers, startFaultProxy, type ProxiedCall, type ProxyOptions } from './fault-proxy.ts';
import type { System } from './places.ts';
import type { StartedServer } from './start-server.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Every system but the labs is always there. */
export type Targets<Value> = Record<Exclude<System, Platform>, Value> & Partial<Record<Platform, Value>>;

/** Virtual time that passes while a call is not answered. */
const TIMED_OUT_MS = 10_000;

export async function startProxies(
  targets: Readonly<Targets<string>>,
  clock: VirtualClock,
  options: Partial<Pick<ProxyOptions, 'onCall' | 'faultFor'>>,
) {
  const seen: ProxiedCall[] = [];
  const unlisted = new Set<string>();
  let queuedByDoors = 0;
  const hosts: string[] = [];
  const callers = createCallers(() => hosts);
  const start = (system: System, targetUrl: string) =>
    startFaultProxy({
      system,
      targetUrl,
      callers,
      onCall: options.onCall,
      faultFor: (call) => {
        seen.push(call);
        return options.faultFor?.(call);
      },
      onUnlisted: (words) => void unlisted.add(words),
      onEffect: ({ place, caller }) => {
        if (place.system === 'sqs' && caller?.name.endsWith('-webhook')) queuedByDoors += 1;
      },
      onTimeOut: () => clock.skip(TIMED_OUT_MS),
    });
  const started = await Promise.all(
    Object.entries(targets).map(
      async ([system, url]) => [system as System, await start(system as System, url)] as const,
    ),
  );
  const proxies = Object.fromEntries(started) as Targets<StartedServer>;
  hosts.push(...started.map(([, { url }]) => new URL(url).host));
  return { proxies, callers, seen, unlisted, queuedByDoors: () => queuedByDoors };
}
