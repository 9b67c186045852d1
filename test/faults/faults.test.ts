/** The bounded part of the fault matrix: every place is reached, what creates something survives a lost answer and a killed worker, and so does the scene as a whole. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { faultName, type Fault } from './fault.ts';
import { survey, unreached, type Survey } from './matrix.ts';
import { nameOf, PLACES, type Place } from './places.ts';
import { runCase } from './run-case.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { TROUBLES } from './troubles.ts';
import { closeEmbeddedTables } from './embedded-tables.ts';

/** Generous: the time that a busy machine takes says nothing. */
const PATIENCE_MS = 300_000;

let surveyed: Survey;
beforeAll(async () => {
  surveyed = await survey();
}, PATIENCE_MS);
afterAll(closeEmbeddedTables);

describe('without a fault', () => {
  test('every scenario ends well, and calls nothing that the list of places lacks', () => {
    expect(surveyed.problems).toEqual([]);
  });

  test('every call in the code is made by some scenario, or is excused', () => {
    expect(surveyed.unmade).toEqual([]);
    expect(surveyed.needless).toEqual([]);
  });

  test('the calls in the code are found by their types', () => {
    expect(surveyed.sites).toEqual(
      expect.arrayContaining([
        'lib/aws/document-table.ts get: client.send',
        'lib/aws/dynamo-dead-letters.ts remove: table.delete',
        'lib/aws/sqs-queue.ts send: call',
        'lib/github/github-client.ts react: call',
        'lib/horreum/horreum-datastore.ts runsLabelled: call',
        'lib/perflab/jenkins/jenkins-api.ts wholeLogTail: client.send',
        'lib/perflab/github-actions/github-job-log.ts readJobLogTail: call',
        'lib/http/outside-call.ts send: httpsRequest',
      ]),
    );
  });

  test('every place in the list is reached by some scenario', () => {
    expect(unreached(surveyed.reached).map(nameOf)).toEqual([]);
  });
});

const LOST: readonly Fault[] = [
  { kind: 'reset', when: 'after' },
  { kind: 'killed', when: 'after' },
];

describe.each(PLACES.filter(({ creates }) => creates).map((place) => [nameOf(place), place] as const))(
  '%s',
  (_name, place) => {
    test.each(LOST.map((fault) => [faultName(fault), fault] as const))(
      '%s: done once, and the run goes on',
      async (_fault, fault) => {
        const outcome = await runCase(scenarioWith(place), [{ place, fault, occurrence: 1 }]);
        expect(outcome.problems).toEqual([]);
        expect(outcome.struck).toBe(1);
      },
      PATIENCE_MS,
    );
  },
);

const BOUNDED_TROUBLES = [
  'every message comes twice',
  'messages come in any order, some late, some twice',
  'no hint arrives at all',
  'GitHub loses every comment',
  'Jenkins restarts and forgets its queue',
];

describe('the scene', () => {
  test.each(BOUNDED_TROUBLES)(
    '%s',
    async (name) => {
      const trouble = TROUBLES.find((one) => one.name === name);
      expect(trouble && (await runCase(trouble)).problems).toEqual([]);
    },
    PATIENCE_MS,
  );
});

function scenarioWith(place: Place): Scenario {
  const [first] = SCENARIOS;
  const found = SCENARIOS.find((scenario) => surveyed.reached.get(scenario)?.has(nameOf(place))) ?? first;
  if (!found) throw new Error('there are no scenarios');
  return found;
}
