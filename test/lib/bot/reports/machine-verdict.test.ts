/** The verdict for machines is what its published schema says, in every state. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { failureStates } from '../../../../infra/local/page/gallery/failure-states.ts';
import { commentOf } from '../../../../infra/local/page/gallery/gallery-page.ts';
import { reportStates } from '../../../../infra/local/page/gallery/report-states.ts';
import { waitingStates } from '../../../../infra/local/page/gallery/waiting-states.ts';
import { machineVerdict } from '../../../../lib/bot/reports/machine-verdict.ts';
import { aReport, aRow, aRun } from '../a-run.ts';
import { schemaFaults } from './schema-faults.ts';

const schema = JSON.parse(readFileSync('docs/verdict.schema.json', 'utf8')) as Record<string, unknown>;
const states = [...waitingStates(), ...reportStates(), ...failureStates()];
const faults = (value: unknown) => schemaFaults(schema, JSON.parse(JSON.stringify(value)));

test('every state of the gallery, with its metrics', () => {
  const runs = states.flatMap((state) => state.runs);
  expect(runs.length).toBeGreaterThan(30);
  for (const run of runs) expect(faults(machineVerdict(run, 1000))).toEqual([]);
});

test('the hidden block of the comment holds the same', () => {
  for (const state of states) {
    const [, json = ''] = /<!-- perf-bot:v1 (.*) -->$/.exec(commentOf(state)) ?? [];
    const block = JSON.parse(json) as unknown[];
    expect(block.length).toBeGreaterThan(0);
    for (const verdict of block) expect(faults(verdict)).toEqual([]);
  }
});

test('the schema refuses what is none', () => {
  expect(faults({})).not.toEqual([]);
  const verdict = machineVerdict(aRun(), 0);
  expect(faults({ ...verdict, state: 'lost' })).not.toEqual([]);
  expect(faults({ ...verdict, metrics: [{ name: 'x' }] })).not.toEqual([]);
});

test('what is not listed is counted, and NaN is null', () => {
  const report = aReport([aRow({ value: Number.NaN, verdict: 'cannot-tell' }), aRow(), aRow()]);
  const verdict = machineVerdict(aRun({ state: 'reported', report }), 1);
  expect(verdict).toMatchObject({
    verdict: 'cannot-tell',
    ended: true,
    metricsLeftOut: 2,
    metrics: [{ value: null }],
  });
  expect(machineVerdict(aRun({ state: 'uploaded', report }), 1)).toMatchObject({
    verdict: null,
    ended: false,
  });
});
