/** What people see of a pull request: the bot's status comment, its replies and mentions, its check runs, the reactions. */
import type { GitHubStandIn } from '../../infra/local/github/github-stand-in.ts';
import type { CheckRun, Issue } from '../../infra/local/github/state/records.ts';
import { until } from './until.ts';

export interface PullWatch {
  /** Writes a comment; the answer is its id. */
  write(login: string, body: string): number;
  status(): string;
  /** What the status comment says of each job to machines. */
  verdicts(): MachineVerdict[];
  /** Every text that the status comment has had, oldest first. */
  statusHistory(): string[];
  mentions(): string[];
  replies(): string[];
  replyTo(commentId: number): string | undefined;
  reactions(commentId: number): string[];
  /** The newest check run of a job that is a run's. */
  check(job?: string): CheckRun | undefined;
  checks(job?: string): CheckRun[];
  /** The text of the reply. */
  answered(commentId: number): Promise<string>;
  reacted(commentId: number, content: string): Promise<void>;
  /** Writes a command and waits for the bot's words. */
  ask(login: string, body: string): Promise<string>;
  statusSays(text: string | RegExp): Promise<string>;
  /** Waits until the newest check run of the job has ended, and the status comment says so too. */
  checkEnds(job?: string): Promise<CheckRun>;
  mentionCount(count: number): Promise<string[]>;
}

const JOB = 'getting-started';

export function watchPull(github: GitHubStandIn, pull: Issue & { readonly headSha?: string }): PullWatch {
  const own = (marker: string) =>
    pull.comments.filter(({ author, body }) => author === github.state.bot && body.includes(marker));
  const status = () => own('<!-- perf-bot:status -->');
  const checks = (job = JOB) =>
    github
      .checkRuns()
      .filter(
        ({ name, repository, headSha, externalId }) =>
          externalId.startsWith('pb-') &&
          name === `perf / ${job}` &&
          repository === pull.repository &&
          shas.has(headSha),
      );
  const shas = {
    has: (sha: string) => sha === pull.headSha || commitsOf(github, pull).has(sha),
  };
  const watch: PullWatch = {
    write: (login, body) => github.addComment(pull, login, body).id,
    status: () => {
      const found = status();
      if (found.length > 1) throw new Error(`there are ${found.length} status comments`);
      return found[0]?.body ?? '';
    },
    verdicts: () => verdictsIn(watch.status()),
    statusHistory: () => status().flatMap(({ edits, body }) => [...edits.map(({ from }) => from), body]),
    mentions: () => own('<!-- perf-bot:mention').map(({ body }) => body),
    replies: () => own('<!-- perf-bot:reply').map(({ body }) => body),
    replyTo: (commentId) => own(`<!-- perf-bot:reply ${commentId} -->`)[0]?.body,
    reactions: (commentId) => github.comment(commentId)?.reactions.map(({ content }) => content) ?? [],
    check: (job) => checks(job).at(-1),
    checks,
    answered: (commentId) => until(`comment ${commentId} was answered`, () => watch.replyTo(commentId)),
    async reacted(commentId, content) {
      await until(`comment ${commentId} has the reaction ${content}`, () =>
        watch.reactions(commentId).includes(content),
      );
    },
    ask: (login, body) => watch.answered(watch.write(login, body)),
    statusSays: (text) =>
      until(`the status comment says ${String(text)}`, () => {
        const body = watch.status();
        return (typeof text === 'string' ? body.includes(text) : text.test(body)) ? body : undefined;
      }),
    async checkEnds(job) {
      const check = await until(`the newest check of ${job ?? JOB} has ended`, () => {
        const newest = watch.check(job);
        return newest?.status === 'completed' ? newest : undefined;
      });
      await until(`the status comment shows the end of ${check.externalId}`, () =>
        watch.verdicts().some(({ run, ended }) => run === check.externalId && ended),
      );
      return check;
    },
    mentionCount: (count) =>
      until(`there are ${count} mentions`, () =>
        watch.mentions().length >= count ? watch.mentions() : undefined,
      ),
  };
  return watch;
}

export interface MachineVerdict {
  readonly run: string;
  readonly job: string;
  readonly state: string;
  readonly verdict: string | null;
  readonly ended: boolean;
}

export function verdictsIn(status: string): MachineVerdict[] {
  const json = /<!-- perf-bot:v1 (.*) -->/.exec(status)?.[1];
  return json === undefined ? [] : (JSON.parse(json) as MachineVerdict[]);
}

/** The head and what lies behind it. */
function commitsOf(github: GitHubStandIn, pull: Issue & { readonly headSha?: string }): Set<string> {
  const seen = new Set<string>();
  let sha = pull.headSha;
  for (let steps = 0; sha !== undefined && steps < 20; steps += 1) {
    seen.add(sha);
    sha = github.state.commits.get(sha)?.parents[0];
  }
  return seen;
}
