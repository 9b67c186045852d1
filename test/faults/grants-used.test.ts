/**
 * Least privilege, both ways: what each function is granted by the stack against what it was seen to ask of AWS while everything
 * that people and operators do was played. Which function asks is told by the harness' containers, at the socket.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FUNCTION_NAMES, type FunctionName } from '../../infra/aws/functions.ts';
import { synthesize } from '../infra/aws/synthesize.ts';
import { runOnFirst } from './acts.ts';
import { closeEmbeddedTables } from './embedded-tables.ts';
import { operatorsDay } from './operators-day.ts';
import { nameOf, type SeenCall } from './places.ts';
import { runCase } from './run-case.ts';
import { always, ASKS_TO_WAIT, once, UNUSABLE, type Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import type { WorldOptions } from './world.ts';

const PATIENCE_MS = 240_000;
const PROJECTS =
  'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:perf-bot/projects/*';
const SECRETS: Readonly<Record<string, string>> = { app: 'github-app', webhook: 'webhook' };

/** Granted, but not to be seen in a test; every other grant must be. */
const UNSEEN: readonly { readonly grants: RegExp; readonly why: string }[] = [
  { grants: /^logs:/, why: 'Lambda itself writes the log, with the function’s role' },
  {
    grants: /^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes) (commands|runs|dead letters)$/,
    why: 'Lambda’s event source polls the queue, with the function’s role',
  },
];

/** How these end is other tests' matter. */
const NOT_JUDGED = { runs: [1, 0], ends: [[], []] } as const;

const used = new Map<string, Set<string>>();
const onCall: NonNullable<WorldOptions['onCall']> = (seen, caller) => {
  const grant = grantFor(seen);
  if (caller && grant !== undefined) used.set(caller.name, (used.get(caller.name) ?? new Set()).add(grant));
};

/** In the words of the template's statements. */
function grantFor({ system, target, body }: SeenCall): string | undefined {
  if (target === undefined) return undefined;
  const action = target.split('.').at(-1) ?? '';
  const input = JSON.parse(body) as Record<string, unknown>;
  switch (system) {
    case 'dynamodb':
      return `dynamodb:${action} table${input['IndexName'] === undefined ? '' : `/index/${String(input['IndexName'])}`}`;
    case 'sqs':
      return `sqs:${action} ${String(input['QueueUrl']).split('/').at(-1)}`;
    case 'secretsmanager': {
      const name = String(input['SecretId'] ?? input['Name']);
      return `secretsmanager:${action} ${name.startsWith('perf-bot/projects/') ? PROJECTS : (SECRETS[name] ?? name)}`;
    }
    default:
      return undefined;
  }
}

const ASKED_TO_WAIT: readonly Scenario[] = [
  {
    name: 'a command has to wait for GitHub',
    acts: [runOnFirst],
    expected: NOT_JUDGED,
    prelude: () => once('github GET /repos/*/*/pulls/*', ASKS_TO_WAIT),
  },
  {
    name: 'the notice of a dead letter has to wait for GitHub',
    acts: [runOnFirst],
    expected: NOT_JUDGED,
    prelude: () => {
      const dies = always(
        ({ place, caller }) => caller?.name === 'run-worker' && nameOf(place) === 'dynamodb UpdateItem RUN',
        UNUSABLE,
      );
      const waits = once('github PATCH /repos/*/*/issues/comments/*', ASKS_TO_WAIT);
      return (call) => dies(call) ?? (call.caller?.name === 'dead-letters' ? waits(call) : undefined);
    },
  },
];

const PLAYED = [
  'two people want the same',
  'a delivery fails',
  'no delivery ever arrived',
  'GitHub asks to wait',
  'a command can never be carried out',
  'a run can never be looked at',
];

const { statementsOf } = synthesize();
const grantedTo = (name: FunctionName): string[] =>
  statementsOf(name).flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((on) => `${action} ${on}`)),
  );

beforeAll(async () => {
  const known = SCENARIOS.filter(({ name }) => PLAYED.includes(name));
  expect(known).toHaveLength(PLAYED.length);
  for (const scenario of [...known, ...ASKED_TO_WAIT]) await runCase(scenario, [], { onCall });
  await operatorsDay(onCall);
}, PATIENCE_MS);
afterAll(closeEmbeddedTables);

describe.each(FUNCTION_NAMES)('%s', (name) => {
  test('asks for nothing that it is not granted', () => {
    const granted = grantedTo(name);
    expect([...(used.get(name) ?? [])].filter((grant) => !granted.includes(grant))).toEqual([]);
    expect(used.get(name)?.size).toBeGreaterThan(0);
  });

  test('is granted nothing that it does not use', () => {
    const isUsed = (grant: string) =>
      used.get(name)?.has(grant) || UNSEEN.some(({ grants }) => grants.test(grant));
    expect(grantedTo(name).filter((grant) => !isUsed(grant))).toEqual([]);
  });
});

test('every excuse is needed', () => {
  const all = FUNCTION_NAMES.flatMap(grantedTo);
  for (const { grants } of UNSEEN) expect(all.some((grant) => grants.test(grant))).toBe(true);
});
