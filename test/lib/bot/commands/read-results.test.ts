/** `get`, `compare` and `history` read the store by the names that the project uses, and say which run a column is of. */
import { describe, expect, test } from '@jest/globals';
import type { Datastore, DatasetLabels, Json, Variable } from '../../../../lib/horreum/datastore.ts';
import { compare } from '../../../../lib/bot/commands/compare.ts';
import type { CommandContext } from '../../../../lib/bot/commands/command-context.ts';
import { get } from '../../../../lib/bot/commands/get.ts';
import { history } from '../../../../lib/bot/commands/history.ts';
import { noise } from '../../../../lib/bot/commands/noise.ts';
import type { Command } from '../../../../lib/bot/grammar/parse-command.ts';
import type { JobDef } from '../../../../lib/bot/projects/project-config.ts';
import { aJob, aProject } from '../a-project.ts';

type Uploads = Readonly<Record<number, readonly Readonly<Record<string, Json>>[]>>;

const VARIABLES: Variable[] = [
  { id: 1, name: 'mean', labels: ['gs.mean'] },
  { id: 2, name: 'ratio', labels: ['gs.mean', 'gs.max'], isComputed: true },
];
const METRICS: JobDef['metrics'] = { mean: { title: 'Mean time', unit: 'ns', direction: 'lower' } };

/** Main's uploads, and whatever else; newest first as Horreum lists them. */
function storeOf(uploads: Uploads): Partial<Datastore> {
  const all: DatasetLabels[] = Object.entries(uploads)
    .map(([runId, datasets]) =>
      datasets.map((values, at) => ({
        runId: Number(runId),
        datasetId: Number(runId) * 10 + at,
        startMs: Number(runId),
        values,
      })),
    )
    .reverse()
    .flat();
  const of = (runId: number) => all.filter((one) => one.runId === runId);
  return {
    testLabelValues: () => Promise.resolve(all),
    getLabelValues: (runId) => Promise.resolve(of(runId)),
    getRun: (id) =>
      Promise.resolve(
        of(id).length === 0
          ? undefined
          : {
              id,
              testId: 10,
              access: 'PUBLIC',
              trashed: false,
              startMs: 0,
              hasMetadata: false,
              datasetIds: of(id).map(({ datasetId }) => datasetId),
            },
      ),
    listDatasets: (runId) =>
      Promise.resolve(of(runId).map(({ datasetId: id }, ordinal) => ({ id, ordinal, view: {} }))),
    listProfiles: () => Promise.resolve([]),
    countRuns: () => Promise.resolve(all.length),
    listViews: () => Promise.resolve([]),
    listVariables: () => Promise.resolve(VARIABLES),
    evaluateExperiments: () => Promise.resolve([{ logs: [], baseline: [], results: {} }]),
    runUrl: (runId) => `https://horreum.test/run/${runId}`,
  };
}

function contextOf(uploads: Uploads, job: Partial<JobDef> = {}): CommandContext {
  return {
    project: aProject({ jobs: { smoke: aJob({ metrics: METRICS ?? {}, ...job }) } }),
    repository: { id: 1, fullName: 'acme/shop', private: false },
    deps: { datastoreOf: () => Promise.resolve(storeOf(uploads)), settings: { prompt: '/perf-bot' } },
  } as unknown as CommandContext;
}

const command = (...words: string[]): Command => ({ words, flags: [], pairs: [] }) as unknown as Command;
const main = (values: Record<string, Json>) => ({ 'pb.pull_request_number': null, ...values });
const ours = (values: Record<string, Json>) => ({ 'pb.pull_request_number': '7', ...values });

test('get: the value of a run of main stands under its run, with title and unit, though nothing compares it', async () => {
  const uploads = { 5: [main({ 'gs.mean': 812_000 })] };
  const { reply } = await get(contextOf(uploads), command('smoke', '5'));
  expect(reply).toContain('| Metric | Base | Run 5 |');
  expect(reply).toMatch(/Mean time.*812\s*µs/);
  expect(reply).not.toContain('(none)');
});

describe('compare of two runs', () => {
  const uploads = {
    5: [main({ 'gs.mean': 800_000, 'gs.max': 5 })],
    6: [ours({ 'gs.mean': 880_000, 'gs.max': 5 })],
  };

  test('names metrics as the project does, each column by its run, and claims no more than it can', async () => {
    const { reply = '' } = await compare(contextOf(uploads), command('smoke', '5', '6'));
    expect(reply).toContain('| Metric | Run 5 | Run 6 |');
    expect(reply).toMatch(/Mean time ↓.*800\s*µs \| 880\s*µs \| \+10\.0%/);
    expect(reply).toContain('gs.max');
    expect(reply).not.toMatch(/pull_request|gs\.mean/);
    expect(reply).toContain('how much of a difference is noise is unknown');
  });

  test('judges by main’s noise, with a limit that is wider than for one run against main, and an interval', async () => {
    const noisy = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        index + 10,
        [main({ 'gs.mean': 800_000 * (1 + 0.02 * Math.sin(index * 2.4)) })],
      ]),
    );
    const two = async (value: number) => {
      const all = { ...noisy, 5: uploads[5], 40: [ours({ 'gs.mean': value })] };
      return (await compare(contextOf(all), command('smoke', '5', '40'))).reply ?? '';
    };
    const slower = await two(1_000_000);
    expect(slower).toMatch(/\*\*Mean time\*\*.*\+25\.0%.*slower/);
    expect(slower).toContain('the noise of 21 comparable runs of main');
    const limit = Number(/±\s*([\d.]+)\s*%/.exec(slower)?.[1]);
    expect(limit).toBeGreaterThan(4);
    expect(await two(800_000 * (1 + (limit * 0.9) / 100))).not.toMatch(/slower/);
  });

  test('of several datasets says which', async () => {
    const several = {
      5: [main({ 'gs.mean': 1 }), main({ 'gs.mean': 3 })],
      6: [ours({ 'gs.mean': 2 }), ours({ 'gs.mean': 4 })],
    };
    const { reply } = await compare(contextOf(several), command('smoke', '5', '6'));
    expect(reply).toMatch(/Mean time.*dataset 0/);
    expect(reply).toMatch(/Mean time.*dataset 1/);
  });
});

describe('history', () => {
  const runs = (datasets: (index: number) => readonly Record<string, Json>[]): Uploads =>
    Object.fromEntries(Array.from({ length: 8 }, (_, index) => [index + 1, datasets(index)]));
  const steady = runs((index) => [
    main({ 'gs.mean': 800_000 + index * 1000, host: index < 3 ? 'old' : 'new' }),
  ]);

  test.each(['mean', 'gs.mean', 'Mean time'])('of %s: title, unit, links', async (metric) => {
    const { reply } = await history(contextOf(steady), command('smoke', metric));
    expect(reply).toMatch(/^### Mean time of `smoke`, last 8 runs of main: `▁.*█`/);
    expect(reply).toContain('y-axis "µs"');
    expect(reply).toContain('[Horreum run 8](https://horreum.test/run/8) | 807.0 µs');
  });

  test('draws only runs from where the newest was measured', async () => {
    const job = { history: { environmentLabels: ['host'] } };
    const { reply } = await history(contextOf(steady, job), command('smoke', 'mean'));
    expect(reply).toContain('last 5 runs of main');
  });

  test('draws each dataset by itself', async () => {
    const several = runs((index) => [main({ 'gs.mean': 100 + index }), main({ 'gs.mean': 9000 + index })]);
    const { reply = '' } = await history(contextOf(several), command('smoke', 'mean'));
    expect(reply.match(/^### .*/gm)).toEqual([
      expect.stringContaining('dataset 0, last 8 runs'),
      expect.stringContaining('dataset 1, last 8 runs'),
    ]);
    expect(reply.match(/^ {2}line /gm)).toHaveLength(2);
    expect(reply).not.toMatch(/line \[.*100.*9000/);
  });

  test('of a variable that Horreum computes says so instead of drawing something else', async () => {
    await expect(history(contextOf(steady), command('smoke', 'ratio'))).rejects.toThrow(/computes it/);
    await expect(history(contextOf(steady), command('smoke', 'maen'))).rejects.toThrow(/Did you mean `mean`/);
    await expect(history(contextOf({}), command('smoke', 'mean'))).rejects.toThrow(
      /no recognizable run of main/,
    );
  });
});

describe('noise', () => {
  const runs = (count: number, percent: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        index + 1,
        [main({ 'gs.mean': 1_000_000 * (1 + (percent / 100) * Math.sin(index * 2.4)) })],
      ]),
    );
  const row = async (uploads: Uploads, job: Partial<JobDef> = {}) =>
    /\| Mean time \|(.*)/.exec((await noise(contextOf(uploads, job), command('smoke'))).reply ?? '')?.[1] ??
    '';
  const limits = (cells: string) => [...cells.matchAll(/([\d.]+)%/g)].map(([, percent]) => Number(percent));

  test('a limit that falls with the runs of a pull request, and how many see what matters', async () => {
    const cells = await row(runs(30, 3));
    const [spread = 0, one = 0, three = 0, five = 0, care] = limits(cells);
    expect(spread).toBeLessThan(one);
    expect(three).toBeLessThan(one);
    expect(five).toBeLessThanOrEqual(three);
    expect(care).toBe(10);
    expect(cells).toContain('(assumed)');
    expect(cells).toMatch(/\| \d+ \|$/);
  });

  test('where no number of runs would see it, and where the noise is not known yet', async () => {
    const job = {
      metrics: { mean: { title: 'Mean time', unit: 'ns', direction: 'lower', threshold: 0.5 } },
    } as const;
    expect(await row(runs(30, 20), job)).toContain('no number up to 50');
    expect(await row(runs(2, 1))).toContain('not known yet');
    await expect(noise(contextOf({ 1: [ours({ 'gs.mean': 1 })] }), command('smoke'))).rejects.toThrow(
      'no recognizable run of main',
    );
  });
});
