/** What a load did, said in figures; and what must hold after it, counted where it does not. */
import type { PullRequest } from '../../infra/local/github/state/records.ts';
import type { JobRun } from '../../lib/bot/record/job-run.ts';
import { nameOf } from './places.ts';
import type { World } from './world.ts';

let lost = 0;

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function must(holds: boolean, what: string): void {
  if (holds) return;
  lost += 1;
  say(`  LOST: ${what}`);
}

/** The answer is how many things were lost so far. */
export function sayWhatWasLost(): number {
  say(lost === 0 ? 'nothing was lost' : `${lost} things were lost`);
  return lost;
}

export function judgeComments(pull: PullRequest, runs: readonly JobRun[]): void {
  const own = pull.comments.filter(({ author }) => author.type === 'Bot').map(({ body }) => body);
  const status = own.filter((body) => body.includes('<!-- perf-bot:status -->')).length;
  must(status === 1, `pull request ${pull.number} has ${status} status comments`);
  for (const { runKey } of runs) {
    const mentions = own.filter((body) => body.includes(`perf-bot:mention ${runKey}`)).length;
    must(mentions === 1, `${runKey} has ${mentions} mentions`);
  }
}

export function buildsOf({ lab }: World, { runKey }: JobRun): number {
  return lab.runs().filter(({ key }) => key === runKey).length;
}

export function tell({ seen, github, aws, clock }: World, startedAtMs: number): void {
  const refused = github.calls.filter(({ status }) => status === 403 || status === 429).length;
  const systems = ['github', 'jenkins', 'horreum', 'dynamodb', 'sqs'] as const;
  const counts = systems.map(
    (system) => `${system} ${seen.filter(({ place }) => place.system === system).length}`,
  );
  say(`  calls: ${counts.join(', ')}; GitHub refused ${refused} for its limits`);
  const sent = seen.filter(({ place }) => nameOf(place).startsWith('sqs')).length;
  const left = Object.values(aws.messages).flat().length;
  say(`  ${sent} messages, ${left} left, over ${seconds(clock.nowMs() - startedAtMs)} of virtual time`);
  must(left === 0, `${left} messages are left`);
}

export function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
