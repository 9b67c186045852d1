/** Plays the scene: somebody writes a command on a pull request, and a report appears there; each step is announced as it happens. */
import { JOB, type LocalWorld } from './local-world.ts';

export interface TimelineStep {
  /** Milliseconds since the comment. */
  readonly atMs: number;
  readonly what: string;
}

export interface Scene {
  readonly ok: boolean;
  readonly runKey: string | null;
  readonly comment: { readonly url: string; readonly body: string } | null;
  readonly check: { readonly conclusion: string | null } | null;
  readonly mention: string | null;
  readonly timeline: readonly TimelineStep[];
  /** Calls by the bot. `jenkins` counts the lab's, whichever platform it is; those to GitHub Actions are not GitHub's as well. */
  readonly calls: Readonly<Record<'github' | 'jenkins' | 'horreum' | 'dynamodb' | 'sqs', number>>;
}

const GIVE_UP_MS = 60_000;
const LOOK_EVERY_MS = 25;

export async function playScene(world: LocalWorld, say: (line: string) => void): Promise<Scene> {
  const startedAtMs = Date.now();
  const timeline: TimelineStep[] = [];
  const step = (what: string) => {
    const atMs = Date.now() - startedAtMs;
    timeline.push({ atMs, what });
    say(`${(atMs / 1000).toFixed(2).padStart(6)} s  ${what}`);
  };
  const before = callsOf(world);
  const command = `/perf-bot run ${JOB}`;
  const { id } = world.addComment('ana', command);
  step(`ana comments "${command}" on pull request #${world.pullRequest.number}`);
  const seen = new Set<string>();
  while (Date.now() - startedAtMs < GIVE_UP_MS) {
    for (const [what, isTrue] of happenings(world, id)) {
      if (isTrue && !seen.has(what)) {
        seen.add(what);
        step(what);
      }
    }
    if (seen.has(MENTIONED) && checkOf(world)?.status === 'completed') break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const status = botComments(world).find(({ body }) => body.includes('perf-bot:status'));
  const mention = botComments(world).find(({ body }) => body.includes('perf-bot:mention'));
  const check = checkOf(world);
  const after = callsOf(world);
  const runKey = check?.externalId ?? null;
  return {
    ok: mention !== undefined && check?.conclusion != null && (status?.body.includes('Verdict') ?? false),
    runKey,
    comment: status
      ? {
          url: `${world.url}/acme/webshop/pull/${world.pullRequest.number}#issuecomment-${status.id}`,
          body: status.body,
        }
      : null,
    check: check ? { conclusion: check.conclusion ?? null } : null,
    mention: mention?.body ?? null,
    timeline,
    calls: Object.fromEntries(
      Object.entries(after).map(([name, count]) => [name, count - before[name as keyof typeof before]]),
    ) as Scene['calls'],
  };
}

const MENTIONED = 'one mention notifies ana';

function happenings(world: LocalWorld, commandId: number): (readonly [string, boolean])[] {
  const comments = botComments(world);
  const check = checkOf(world);
  const command = world.github.comment(commandId);
  return [
    ['👀 appears on the command', command?.reactions.some(({ content }) => content === 'eyes') ?? false],
    [`${world.lab.product} gets the job`, world.lab.wasStarted()],
    ['the status comment appears', comments.some(({ body }) => body.includes('perf-bot:status'))],
    ['the check run appears', check !== undefined],
    [`${world.lab.product} runs it`, world.lab.runs().some(({ began }) => began)],
    [
      'Horreum gets the upload',
      world.horreum.calls.some(({ method, path }) => method === 'POST' && path.startsWith('/api/run/data')),
    ],
    [
      'the report is on the pull request',
      comments.some(({ body }) => body.includes('perf-bot:status') && body.includes('| Verdict |')),
    ],
    [MENTIONED, comments.some(({ body }) => body.includes('perf-bot:mention'))],
    [`the check run ends: ${check?.conclusion ?? ''}`, check?.status === 'completed'],
  ];
}

function botComments(world: LocalWorld) {
  return (
    world.github.pull(world.pullRequest.number)?.comments.filter(({ author }) => author.type === 'Bot') ?? []
  );
}

function checkOf(world: LocalWorld) {
  return world.github.checkRuns().find(({ name }) => name === `perf / ${JOB}`);
}

function callsOf({ github, lab, horreum, meter, local }: LocalWorld): Record<keyof Scene['calls'], number> {
  const { AWS_ENDPOINT_URL_DYNAMODB: dynamoDb = 'http://none', AWS_ENDPOINT_URL_SQS: sqs = 'http://none' } =
    local.environment.variables;
  return {
    github: github.calls.length - (lab.inGitHub ? lab.callCount() : 0),
    jenkins: lab.callCount(),
    horreum: horreum.calls.filter(
      ({ method, path }) => !(method === 'POST' && path.startsWith('/api/run/data')),
    ).length,
    dynamodb: meter.count(dynamoDb),
    sqs: meter.count(sqs),
  };
}
