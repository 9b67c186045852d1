/** A scene with more people, a job that only one of them may run, and a clock of GitHub's that may be set. */
import { afterAll } from '@jest/globals';
import { startLocalWorld } from '../../infra/local/scene/local-world.ts';
import { watchPull } from './watch-pull.ts';

export const JOB = 'getting-started';
export const RUN = `/perf-bot run ${JOB}`;

export async function openPeopleWorld() {
  /** GitHub's clock may be set for what happens next. */
  let gitHubAheadMs = 0;
  const world = await startLocalWorld({
    speed: 100,
    slowdown: 1.3,
    jobs: [
      {
        id: JOB,
        file: {
          configurableParams: {
            DURATION: { name: 'DURATION', values: ['10s', '60s', '300s'], default: '60s' },
            // As the original's own sample has it.
            APP_COMMIT: { name: 'APP_COMMIT' },
          },
        },
      },
      {
        id: 'restricted',
        body: () => (run: { wait(ms: number): Promise<void> }) =>
          run.wait(86_400_000).then(() => 'failed' as const),
        file: { access: { authorizedUsers: ['rosa'] } },
      },
      { id: 'restricted-bench', file: { access: { authorizedUsers: ['rosa'] } } },
    ],
    gitHub: { nowMs: () => Date.now() + gitHubAheadMs },
  });
  afterAll(() => world.close());
  const { github, jenkins } = world;
  github.addUser({ login: 'helper-bot', type: 'Bot' });
  github.addUser({ login: 'tess' });
  github.addUser({ login: 'rosa' });
  github.setPermission(world.repository, 'rosa', 'write');
  github.setPermission(world.repository, 'tess', 'triage');

  function at<Result>(aheadMs: number, act: () => Result): Result {
    gitHubAheadMs = aheadMs;
    try {
      return act();
    } finally {
      gitHubAheadMs = 0;
    }
  }

  function openPull(title: string, fork = false) {
    const pull = at(-2 * 60_000, () =>
      github.openPullRequest(world.repository, {
        author: fork ? 'newcomer' : 'ana',
        headRef: title,
        title,
        fromFork: fork,
      }),
    );
    const builds = () =>
      jenkins.builds(JOB).filter(({ run }) => run.parameters['PULL_REQUEST_NUMBER'] === String(pull.number));
    return { ...watchPull(github, pull), pull, builds };
  }

  return { world, github, jenkins, at, openPull };
}
