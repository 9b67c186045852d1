/** Answers commands with their real handlers on made-up records. */
import type { GitHub, PullRequest } from '../../../../lib/github/github.ts';
import type { BotDeps } from '../../../../lib/bot/runs/bot-deps.ts';
import type { CommandContext } from '../../../../lib/bot/commands/command-context.ts';
import { HANDLERS } from '../../../../lib/bot/commands/answer-command.ts';
import { parseCommand } from '../../../../lib/bot/grammar/parse-command.ts';
import { UserError } from '../../../../lib/bot/record/errors.ts';
import type { ProjectConfig } from '../../../../lib/bot/projects/project-config.ts';
import { mentionComment } from '../../../../lib/bot/reports/words/mention.ts';
import type { RunStore } from '../../../../lib/bot/record/run-store.ts';
import { madeUpDatastore, only } from './made-up-datastore.ts';
import { madeUpJob, madeUpReport } from './made-up-report.ts';
import { HEAD, madeUpRun, MINUTE_MS, NOW_MS, reportedRun } from './made-up-runs.ts';

export interface GalleryAnswer {
  readonly id: string;
  readonly title: string;
  readonly reaction: string;
  readonly markdown: string;
}

const COMMANDS: readonly (readonly [
  id: string,
  title: string,
  line: string,
  login?: string,
  fork?: boolean,
])[] = [
  ['help', 'help', 'help'],
  ['help-run', 'help run', 'help run'],
  ['list', 'list', 'list'],
  ['plan', 'plan', 'plan getting-started DURATION=300s'],
  ['status', 'status', 'status'],
  ['queue', 'queue', 'queue'],
  ['history', 'history', 'history getting-started throughput'],
  ['get', 'get', 'get getting-started'],
  ['compare', 'compare with the baseline', 'compare getting-started'],
  ['compare-two', 'compare two runs', 'compare getting-started 1840 1841'],
  ['noise', 'noise', 'noise getting-started'],
  ['explain', 'explain', 'explain throughput'],
  ['unknown-command', 'An unknown command', 'rnu getting-started'],
  ['unknown-job', 'An unknown job', 'run geting-started'],
  ['unknown-parameter', 'An unknown parameter', 'run getting-started DURATON=10s'],
  ['unknown-metric', 'An unknown metric', 'explain throughputs'],
  ['refused', 'A person without the right', 'run getting-started', 'newcomer'],
  ['fork', 'Asked on a fork', 'run getting-started', 'newcomer', true],
];

export async function galleryAnswers(): Promise<GalleryAnswer[]> {
  const answers = await Promise.all(
    COMMANDS.map(async ([id, title, line, login = 'ana', fork = false]) => ({
      id,
      title: `${title} (/perf-bot ${line})`,
      ...(await answerTo(line, contextFor(login, fork))),
    })),
  );
  const finished = reportedRun(madeUpReport({ factors: { throughput: 0.926 } }));
  const url = 'https://github.com/acme/shop/pull/42#issuecomment-1';
  return [
    ...answers,
    {
      id: 'mention',
      title: 'The one mention',
      reaction: '',
      markdown: mentionComment(finished, url, NOW_MS),
    },
  ];
}

async function answerTo(
  line: string,
  context: CommandContext,
): Promise<{ reaction: string; markdown: string }> {
  const parsed = parseCommand(line, '/perf-bot');
  if (parsed.kind === 'problem') return { reaction: 'confused', markdown: parsed.help };
  try {
    const { reaction, reply = '' } = await HANDLERS[parsed.command.name](context, parsed.command);
    return { reaction, markdown: reply };
  } catch (error) {
    if (error instanceof UserError) return { reaction: 'confused', markdown: error.message };
    throw error;
  }
}

const RUNS = () => [
  madeUpRun('running', { platformRun: { startedAtMs: NOW_MS - 14 * MINUTE_MS, stage: 'measure' } }),
  reportedRun(madeUpReport({ factors: { throughput: 0.926, max_rss: 0.966 } })),
  madeUpRun('failed', {
    failure: { looksLike: 'code', reason: 'the job failed' },
    createdAtMs: NOW_MS - 200 * MINUTE_MS,
  }),
];

function contextFor(login: string, fork: boolean): CommandContext {
  const pull: PullRequest = {
    state: 'open',
    merged: false,
    headSha: HEAD,
    headRepositoryId: fork ? 2 : 1,
    headRepositoryPushedAtMs: NOW_MS - 60 * MINUTE_MS,
    baseRef: 'main',
    baseSha: 'a81d00417fd8836ed2c4c8f4a9de3f1f0b7c5a11',
  };
  return {
    deps: madeUpDeps(),
    gitHub: only<GitHub>({
      getPermission: (_, who) => Promise.resolve(who === 'ana' ? 'write' : 'read'),
      isTeamMember: () => Promise.resolve(false),
    }),
    project: PROJECT,
    repository: { id: 1, fullName: 'acme/shop', private: false },
    installationId: 1,
    number: 42,
    person: { id: login === 'ana' ? 7 : 8, login, isBot: false },
    trigger: { kind: 'comment', id: '5', commentId: 5, atMs: NOW_MS },
    ordinal: 0,
    pull: () => Promise.resolve(pull),
    seen: () => undefined,
  };
}

const PROJECT: ProjectConfig = {
  repoFullName: 'acme/shop',
  authorizedTeams: ['acme/perf-users'],
  minimumPermission: 'write',
  projectId: 'shop',
  secretNames: [],
  activatedAtMs: 0,
  version: 1,
  jobs: {
    'getting-started': madeUpJob(),
    startup: { platformJobId: 'perf/startup', description: 'cold start of one instance' },
    'techempower-json': {
      platformJobId: 'perf/techempower',
      description: 'the JSON test of TechEmpower',
      access: { minimumPermission: 'maintain' },
    },
  },
};

function madeUpDeps(): BotDeps {
  const runs = RUNS();
  return only<BotDeps>({
    settings: {
      prompt: '/perf-bot',
      runTimeoutMs: 0,
      resultsTimeoutMs: 0,
      commandMaxAgeMs: 3_600_000,
      sweepIntervalMs: 60_000,
    },
    nowMs: () => NOW_MS,
    runs: only<RunStore>({
      listBySubject: () => Promise.resolve(runs),
      listOpen: (_, jobId) => Promise.resolve(jobId === 'getting-started' ? [runs[0]?.runKey ?? ''] : []),
      get: (runKey) => Promise.resolve(runs.find((run) => run.runKey === runKey)),
      durations: () => Promise.resolve([31, 30, 34, 48, 31].map((minutes) => minutes * MINUTE_MS)),
      getSubject: () => Promise.resolve(undefined),
      saveSubject: (subject) => Promise.resolve(subject),
    }),
    datastoreOf: () => Promise.resolve(madeUpDatastore()),
  });
}
