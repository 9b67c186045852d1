/** Binds people's acts to one stand-in. */
import { addForeignRun, clickAction, rerequestRun, rerequestSuite, suiteFor } from './checks.ts';
import { allComments, createComment, deleteComment, editComment, openIssue, react } from './comments.ts';
import * as marks from './pulls.ts';
import * as pulls from './pulls.ts';
import * as seed from './seed.ts';
import type { People, RepositoryLike } from './people.ts';
import { isReaction } from '../payloads/issue.ts';
import { fullName, isPull, type Installation, type Repository } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';

export function createPeople(world: World): People {
  return {
    ...seeding(world),
    ...pullActs(world),
    ...commentActs(world),
    ...checkActs(world),
    ...reading(world),
  };
}

type Some<K extends keyof People> = Pick<People, K>;

function repositoryOf(world: World, like: RepositoryLike | undefined): Repository {
  return typeof like === 'object' ? like : seed.repositoryNamed(world.state, like);
}

function installationOf(world: World, like: RepositoryLike | undefined): Installation {
  return seed.installationFor(world.state, repositoryOf(world, like).owner);
}

function seeding(
  world: World,
): Some<
  | 'addUser'
  | 'deleteUser'
  | 'addRepository'
  | 'renameRepository'
  | 'setPermission'
  | 'addTeam'
  | 'changeInstallation'
  | 'setInstalled'
  | 'installation'
> {
  const { state } = world;
  return {
    addUser: ({ login, type }) => seed.addAccount(state, login, type),
    deleteUser: (login) => void (seed.accountNamed(state, login).gone = true),
    addRepository: (wanted) => seed.addRepository(state, wanted),
    renameRepository(like, name) {
      const repository = repositoryOf(world, like);
      repository.formerNames.push(fullName(repository));
      repository.name = name;
    },
    setPermission: (like, login, role) => seed.setRole(state, repositoryOf(world, like), login, role),
    addTeam: (organization, slug, members) => seed.addTeam(state, organization, slug, members),
    changeInstallation: (like, action) => seed.changeInstallation(world, installationOf(world, like), action),
    setInstalled: (like, installed) => seed.changeCoverage(world, repositoryOf(world, like), installed),
    installation: (like) => installationOf(world, like),
  };
}

function pullActs(
  world: World,
): Some<
  | 'openPullRequest'
  | 'openIssue'
  | 'pushTo'
  | 'pushToBranch'
  | 'closePullRequest'
  | 'mergePullRequest'
  | 'reopenPullRequest'
  | 'deleteFork'
  | 'setLabel'
  | 'removeLabel'
  | 'lockPullRequest'
  | 'unlockPullRequest'
> {
  const named = (login: string) => seed.accountNamed(world.state, login);
  return {
    openPullRequest: (like, wanted) => pulls.openPull(world, repositoryOf(world, like), wanted),
    openIssue: (like, author, title, body) =>
      openIssue(world, repositoryOf(world, like), author, title, body),
    pushTo: (pull, push, login) => pulls.pushTo(world, pull, push, login),
    pushToBranch: (like, ref, login, message = 'A change on the branch') =>
      pulls.pushToBranch(world, repositoryOf(world, like), ref, login, message),
    closePullRequest: (pull, login = pull.author.login) => pulls.closePull(world, pull, named(login), false),
    mergePullRequest: (pull, login) => pulls.closePull(world, pull, named(login), true),
    reopenPullRequest: (pull, login = pull.author.login) => pulls.reopenPull(world, pull, named(login)),
    deleteFork: (pull) => void (pull.headRepository = undefined),
    setLabel: (pull, label, login) => marks.setLabel(world, pull, label, named(login), true),
    removeLabel: (pull, label, login) => marks.setLabel(world, pull, label, named(login), false),
    lockPullRequest: (issue, login) => marks.setLocked(world, issue, named(login), true),
    unlockPullRequest: (issue, login) => marks.setLocked(world, issue, named(login), false),
  };
}

function commentActs(world: World): Some<'addComment' | 'editComment' | 'deleteComment' | 'addReaction'> {
  const named = (login: string) => seed.accountNamed(world.state, login);
  const typed = (body: string) => body.replace(/\r?\n/g, '\r\n');
  return {
    addComment: (issue, login, body) => createComment(world, issue, named(login), typed(body)),
    editComment: (comment, body, login = comment.author.login) =>
      editComment(world, comment, named(login), typed(body)),
    deleteComment: (comment, login = comment.author.login) => deleteComment(world, comment, named(login)),
    addReaction(comment, login, content) {
      if (!isReaction(content)) throw new Error(`GitHub stand-in: there is no reaction ${content}`);
      react(world, comment, named(login), content);
    },
  };
}

function checkActs(
  world: World,
): Some<
  'clickCheckAction' | 'rerequestCheckRun' | 'rerequestCheckSuite' | 'addForeignCheckRun' | 'redeliver'
> {
  const { state, webhooks } = world;
  const named = (login: string) => seed.accountNamed(state, login);
  const runWith = (id: number) => {
    const run = state.checkRuns.find((one) => one.id === id);
    if (!run) throw new Error(`GitHub stand-in: there is no check run ${id}`);
    return run;
  };
  return {
    clickCheckAction: (id, identifier, login) => clickAction(world, runWith(id), identifier, named(login)),
    rerequestCheckRun: (id, login) => rerequestRun(world, runWith(id), named(login)),
    rerequestCheckSuite: (pull, login) =>
      rerequestSuite(world, suiteFor(world, pull.repository, pull.headSha, state.app.id), named(login)),
    addForeignCheckRun: (pull, name) => addForeignRun(world, pull.repository, pull.headSha, name),
    redeliver(guid) {
      const delivery = webhooks.deliveries.find((one) => one.guid === guid);
      if (!delivery) throw new Error(`GitHub stand-in: there is no delivery ${guid}`);
      webhooks.redeliver(delivery);
    },
  };
}

function reading(world: World): Some<'pull' | 'comment' | 'checkRuns'> {
  const { state } = world;
  return {
    pull(number, like) {
      const issue = repositoryOf(world, like).issues.get(number);
      if (!issue || !isPull(issue)) throw new Error(`GitHub stand-in: there is no pull request ${number}`);
      return issue;
    },
    comment: (id) => allComments(world).find((one) => one.id === id),
    checkRuns: (headSha) => state.checkRuns.filter((run) => headSha === undefined || run.headSha === headSha),
  };
}
