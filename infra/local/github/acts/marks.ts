/** Labels and locks on pull requests. */
import { labelPayload } from '../payloads/issue.ts';
import { isPull, type Account, type Issue, type PullRequest } from '../state.ts';
import type { World } from '../world.ts';
import { firePull } from './pulls.ts';

export function setLabel(world: World, pull: PullRequest, name: string, by: Account, present: boolean): void {
  const known = pull.labels.find((label) => label.name === name);
  if ((known !== undefined) === present) return;
  const label = known ?? { id: world.state.nextId('label'), name };
  pull.labels = present ? [...pull.labels, label] : pull.labels.filter((one) => one !== label);
  pull.updatedAtMs = world.state.nowMs();
  firePull(world, pull, present ? 'labeled' : 'unlabeled', by, {
    label: labelPayload(world.state, pull.repository, label),
  });
}

export function setLocked(world: World, issue: Issue, by: Account, locked: boolean): void {
  issue.locked = locked;
  if (isPull(issue)) firePull(world, issue, locked ? 'locked' : 'unlocked', by);
}
