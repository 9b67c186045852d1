/** All that the bot has stored and queued at one moment, and what GitHub and the lab show then: read from a world, and put into one. */
import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { CheckRun, IssueComment } from '../../infra/local/github/state/records.ts';
import type { QueuedMessage, QueueName } from '../faults/aws-stand-in.ts';
import type { World } from '../faults/world.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a moment is known by. */
export interface Seen {
  readonly items: readonly Fields[];
  /** The records of runs among them. */
  readonly runs: readonly Fields[];
  /** Bodies of what lies in the queue, visible or not. */
  readonly messages: (queue: QueueName) => readonly Fields[];
}

export interface Snapshot {
  readonly takenAtMs: number;
  /** What people and others have done by then. */
  readonly actsDone: number;
  readonly items: readonly Fields[];
  readonly messages: Readonly<Record<QueueName, readonly QueuedMessage[]>>;
  /** By name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly gitHub: {
    readonly comments: readonly (Pick<
      IssueComment,
      'id' | 'body' | 'createdAtMs' | 'updatedAtMs' | 'minimizedReason'
    > & { readonly number: number; readonly login: string })[];
    readonly checkRuns: readonly Omit<CheckRun, 'repository' | 'suite'>[];
  };
  readonly lab: ReturnType<World['lab']['runs']>;
}

export async function readItems(world: World): Promise<Fields[]> {
  const items: Fields[] = [];
  const { client, name } = tableOf(world);
  let from: Fields | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: name, ExclusiveStartKey: from, ConsistentRead: true }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  client.destroy();
  return items.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

const RANDOM_ID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
const sortKey = (item: Fields) => `${String(item['pk'])} ${JSON.stringify(item)}`.replace(RANDOM_ID, '');

export async function look(world: World): Promise<Seen> {
  const items = await readItems(world);
  return {
    items,
    runs: items.flatMap(({ run }) => (run === undefined ? [] : [run as Fields])),
    messages: (queue) => world.aws.messages[queue].map(({ body }) => JSON.parse(body) as Fields),
  };
}

export function snapshotOf(world: World, { items }: Seen, actsDone: number): Snapshot {
  const { aws, clock, github, lab } = world;
  return steady(world, {
    takenAtMs: clock.nowMs(),
    actsDone,
    items,
    messages: aws.messages,
    secrets: Object.fromEntries([...aws.secrets].sort()),
    gitHub: {
      comments: commentsOf(world).map(
        ({ id, author, issue, body, createdAtMs, updatedAtMs, minimizedReason }) => ({
          id,
          number: issue.number,
          login: author.login,
          body,
          createdAtMs,
          updatedAtMs,
          minimizedReason,
        }),
      ),
      checkRuns: github.checkRuns().map(({ repository: _repository, suite: _suite, ...check }) => check),
    },
    lab: lab.runs(),
  });
}

/** The table, the queues, the secrets and what the bot wrote to GitHub become what they were. */
export async function restore(world: World, given: Snapshot): Promise<void> {
  const snapshot = ownOf(world, given);
  await replaceItems(world, snapshot.items);
  for (const [queue, messages] of Object.entries(snapshot.messages))
    world.aws.messages[queue as QueueName].splice(0, Infinity, ...messages.map((one) => ({ ...one })));
  for (const [name, text] of Object.entries(snapshot.secrets)) world.aws.secrets.set(name, text);
  restoreComments(world, snapshot.gitHub.comments);
  restoreCheckRuns(world, snapshot.gitHub.checkRuns);
  // As a deployment does: nothing is left of the functions that were there.
  world.containers.replaceAll();
}

function tableOf({ table: { name, url } }: World) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint: url, credentials });
  return { name, client: DynamoDBDocumentClient.from(client) };
}

async function replaceItems(world: World, items: readonly Fields[]): Promise<void> {
  const { client, name } = tableOf(world);
  for (const { pk } of await readItems(world))
    await client.send(new DeleteCommand({ TableName: name, Key: { pk } }));
  for (const item of items) await client.send(new PutCommand({ TableName: name, Item: item }));
  client.destroy();
}

function commentsOf({ pulls: [{ repository }] }: World): IssueComment[] {
  return [...repository.issues.values()].flatMap(({ comments }) => comments);
}

function restoreComments(world: World, kept: Snapshot['gitHub']['comments']): void {
  const { state } = world.github;
  const known = new Map(commentsOf(world).map((comment) => [comment.id, comment]));
  const [{ repository }] = world.pulls;
  for (const { comments } of repository.issues.values()) comments.length = 0;
  for (const { number, login, ...comment } of kept) {
    const issue = repository.issues.get(number);
    const author = state.accounts.get(login.toLowerCase());
    if (!issue || !author) throw new Error(`nothing is there for the comment ${comment.id}`);
    const before = known.get(comment.id) ?? { edits: [], reactions: [] };
    issue.comments.push(Object.assign(before, { ...comment, issue, author }));
  }
  skipIds(world, 'comment', kept);
}

function restoreCheckRuns(world: World, kept: Snapshot['gitHub']['checkRuns']): void {
  const { state } = world.github;
  const known = new Map(state.checkRuns.map((check) => [check.id, check]));
  state.checkRuns.length = 0;
  for (const check of kept) {
    const suite = state.checkSuites.find(
      ({ headSha, appId }) => headSha === check.headSha && appId === check.appId,
    );
    if (!suite) throw new Error(`there is no check suite for ${check.headSha}`);
    const { repository } = suite;
    state.checkRuns.push(Object.assign(known.get(check.id) ?? {}, { ...check, suite, repository }));
  }
  skipIds(world, 'checkRun', kept);
}

function skipIds(
  world: World,
  kind: 'comment' | 'checkRun',
  taken: readonly { readonly id: number }[],
): void {
  const newest = Math.max(0, ...taken.map(({ id }) => id));
  while (newest > 0 && world.github.state.nextId(kind) < newest);
}

/** The same text for the same scene, whenever it is played: addresses, ids that chance makes, and digests of texts that hold addresses. */
function steady(world: World, snapshot: Snapshot): Snapshot {
  let text = JSON.stringify(snapshot);
  for (const [own, everywhere] of byLength(world.ownNames))
    text = text.replace(new RegExp(`${own.replace(/[^\w]/g, '\\$&')}(?!\\d)`, 'g'), everywhere);
  const made = new Map<string, string>();
  const again = (name: string, make: (nth: number) => string) =>
    made.get(name) ?? made.set(name, make(made.size + 1)).get(name) ?? name;
  return JSON.parse(
    text
      .replace(RANDOM_ID, (id) =>
        again(id, (nth) => `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`),
      )
      .replace(/(?<="(?:statusDigest|statusTextDigest|checkDigest|statusNews)":")[^"]+/g, (digest) =>
        again(digest, (nth) =>
          createHash('sha512').update(String(nth)).digest('hex').slice(0, digest.length),
        ),
      ),
  ) as Snapshot;
}

/** What is the same everywhere, as it is in this world. */
export function ownOf<Value>(world: World, value: Value): Value {
  let text = JSON.stringify(value);
  for (const [own, everywhere] of byLength(world.ownNames.map(([a, b]) => [b, a] as const)).map(([b, a]) => [
    a,
    b,
  ]))
    text = text.replaceAll(everywhere ?? '', own ?? '');
  return JSON.parse(text) as Value;
}

const byLength = <Pair extends readonly [string, string]>(pairs: readonly Pair[]): Pair[] =>
  [...pairs].sort(([a], [b]) => b.length - a.length);
