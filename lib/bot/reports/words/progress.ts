/** What a run that is not over yet shows: where it waits or how far it is, and what is usual for its job. */
import type { JobRun } from '../../record/job-run.ts';
import { code, words } from '../../text/markdown.ts';
import { formatDuration } from '../../text/numbers.ts';

export interface ProgressFacts {
  readonly nowMs: number;
  readonly durationsMs: readonly number[];
  readonly waitsMs?: readonly number[];
}

export function waitingLine(run: JobRun, { durationsMs, waitsMs = [] }: ProgressFacts): string {
  const usual = [
    waitsMs.length === 0 || run.platformRun.ref === undefined
      ? ''
      : `usually starts within ${formatDuration(quantile(waitsMs, 0.9))}`,
    durationsMs.length === 0 ? '' : `result ${usualDuration(durationsMs)}`,
  ];
  return [waiting(run), ...usual].filter((part) => part !== '').join(' · ');
}

function waiting({ platformRun }: JobRun): string {
  if (platformRun.unknownStarts > 0 && !platformRun.ref && platformRun.reason !== undefined)
    return `The lab did not answer clearly (${words(platformRun.reason, 300)}); looking whether the job was started before trying again.`;
  return platformRun.reason === undefined
    ? 'Waiting for the lab'
    : `Waiting: ${words(platformRun.reason, 300)}`;
}

/** `usually after 31 min (9 of 10 within 48 min)`; empty when nothing is known. */
export function usualDuration(durationsMs: readonly number[]): string {
  if (durationsMs.length === 0) return '';
  const median = formatDuration(quantile(durationsMs, 0.5));
  if (durationsMs.length < 3) return `usually after ${median}`;
  const most = formatDuration(quantile(durationsMs, 0.9));
  return `usually after ${median}${most === median ? '' : ` (9 of 10 within ${most})`}`;
}

function quantile(valuesMs: readonly number[], part: number): number {
  const sorted = [...valuesMs].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

const STAGES = ['start', 'run', 'upload', 'report'] as const;

export function progressLines(run: JobRun, { nowMs, durationsMs }: ProgressFacts): string {
  const { platformRun } = run;
  const elapsedMs = nowMs - (platformRun.startedAtMs ?? run.createdAtMs);
  const done = run.state === 'uploaded' ? 3 : platformRun.endedAtMs === undefined ? 1 : 2;
  const expectedMs =
    platformRun.estimatedDurationMs ?? (durationsMs.length === 0 ? undefined : quantile(durationsMs, 0.5));
  const part = platformRun.progress ?? (expectedMs ? Math.min(0.95, elapsedMs / expectedMs) : undefined);
  const bar = part === undefined || done > 1 ? '' : `${code(barOf(part))} `;
  const inStage = platformRun.stage === undefined ? '' : ` (${words(platformRun.stage, 80)})`;
  const steps = STAGES.map((stage, index) =>
    index < done ? `${stage} ✔` : index === done ? `**${stage}**${stage === 'run' ? inStage : ''}` : stage,
  ).join(' · ');
  const leftMs = expectedMs === undefined || done > 1 ? 0 : expectedMs - elapsedMs;
  const left = leftMs >= 1000 ? ` - about ${formatDuration(leftMs)} left` : '';
  return [`${bar}${steps}${left}`, horreumLine(run)].filter((line) => line !== '').join('\n\n');
}

function horreumLine({ horreum }: JobRun): string {
  if (horreum?.refused !== undefined) return words(horreum.refused, 400);
  return horreum?.waitingFor === undefined ? '' : `Horreum is still computing the ${horreum.waitingFor}.`;
}

function barOf(part: number): string {
  const full = Math.floor(Math.max(0, Math.min(1, part)) * 10);
  return '▓'.repeat(full) + '░'.repeat(10 - full);
}
