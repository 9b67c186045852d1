/** Makes check suites and runs, moves them as Apps do, and clicks them as people do. */
import { checkRunEventPayload, checkSuitePayload } from '../payloads/check.ts';
import type { Account, CheckRun, CheckSuite, Repository } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';

/** One suite for each App and commit. */
export function suiteFor(world: World, repository: Repository, headSha: string, appId: number): CheckSuite {
  const { state } = world;
  const known = state.checkSuites.find(
    (suite) => suite.repository === repository && suite.headSha === headSha && suite.appId === appId,
  );
  if (known) return known;
  const suite: CheckSuite = {
    id: state.nextId('checkSuite'),
    repository,
    appId,
    headSha,
    createdAtMs: state.nowMs(),
    updatedAtMs: state.nowMs(),
    rerequested: false,
  };
  state.checkSuites.push(suite);
  return suite;
}

/** Every push makes an empty suite for each App with checks:write and asks it to fill it. */
export function requestSuite(world: World, repository: Repository, headSha: string, sender: Account): void {
  if (!repository.installed) return;
  fireSuite(world, suiteFor(world, repository, headSha, world.state.app.id), 'requested', sender);
}

function fireSuite(world: World, suite: CheckSuite, action: string, sender: Account): void {
  const parts = { check_suite: checkSuitePayload(world.state, suite) };
  world.webhooks.fire(suite.repository, 'check_suite', action, parts, sender);
}

export function fireRun(
  world: World,
  run: CheckRun,
  action: string,
  sender: Account,
  more: Record<string, unknown> = {},
): void {
  const parts = { check_run: checkRunEventPayload(world.state, run), ...more };
  world.webhooks.fire(run.repository, 'check_run', action, parts, sender);
}

/** A person presses a button, which GitHub draws only below a completed run. */
export function clickAction(world: World, run: CheckRun, identifier: string, sender: Account): void {
  if (run.status !== 'completed')
    throw new Error('GitHub stand-in: buttons are shown only once the check run is completed');
  if (!run.actions.some((action) => action.identifier === identifier)) {
    throw new Error(`GitHub stand-in: the check run has no button ${identifier}`);
  }
  fireRun(world, run, 'requested_action', sender, { requested_action: { identifier } });
}

/** A person asks for the run again: the suite goes back to queued, the run itself stays as it is. */
export function rerequestRun(world: World, run: CheckRun, sender: Account): void {
  run.suite.rerequested = true;
  fireRun(world, run, 'rerequested', sender);
}

/** "Re-run all checks". */
export function rerequestSuite(world: World, suite: CheckSuite, sender: Account): void {
  suite.rerequested = true;
  fireSuite(world, suite, 'rerequested', sender);
}

/** Another App's check run on the same commit: its events arrive too, and are none of ours. */
export function addForeignRun(world: World, repository: Repository, headSha: string, name: string): CheckRun {
  const { state } = world;
  const run: CheckRun = {
    id: state.nextId('checkRun'),
    repository,
    suite: suiteFor(world, repository, headSha, state.otherApp.id),
    appId: state.otherApp.id,
    name,
    headSha,
    externalId: '',
    detailsUrl: 'https://ci.example/',
    status: 'completed',
    conclusion: 'success',
    startedAtMs: state.nowMs(),
    completedAtMs: state.nowMs(),
    output: { title: null, summary: null, text: null, annotations: 0 },
    actions: [],
  };
  state.checkRuns.push(run);
  fireRun(world, run, 'created', state.otherApp.owner);
  fireRun(world, run, 'completed', state.otherApp.owner);
  return run;
}
