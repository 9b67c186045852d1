/** What every RunStore keeps: one winner of each write, leases, claims, counters, and lists that ended runs leave. */
import { expect, test } from '@jest/globals';
import type { JobRun } from '../../../lib/bot/record/job-run.ts';
import { moveTo } from '../../../lib/bot/record/job-run.ts';
import type { RunStore } from '../../../lib/bot/record/run-store.ts';
import { aReport, aRow, aRun, CREATED_AT_MS, MINUTE_MS } from '../bot/a-run.ts';

export interface StoreUnderTest {
  readonly store: RunStore;
  readonly clock: { nowMs: number };
}

let count = 0;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/** A run of its own, so that the tests share one store. */
function aNewRun(more: Partial<JobRun> = {}): JobRun {
  count += 1;
  const runKey = `pb-${String(count)
    .replace(/\d/g, (digit) => ALPHABET[Number(digit)] ?? '')
    .padStart(26, 'z')}`;
  return aRun({
    runKey,
    projectId: `p${count}`,
    repository: { id: 1000 + count, fullName: 'acme/shop', private: false },
    ...more,
  });
}
const subjectKey = (run: JobRun): string => `PR#${run.repository.id}#7`;

export function runStoreContract(started: () => StoreUnderTest): void {
  const store = (): RunStore => started().store;
  const stored = async (more: Partial<JobRun> = {}): Promise<JobRun> => {
    const run = aNewRun(more);
    expect(await store().create(run)).toBe(true);
    return run;
  };
  const dueIn = async (nowMs: number): Promise<string[]> => {
    const shards = Array.from({ length: store().dueShards }, (_, shard) =>
      store().listDue(shard, nowMs, 100),
    );
    return (await Promise.all(shards)).flat().map(({ runKey }) => runKey);
  };

  test('a run is created once and read back as it was', async () => {
    const run = aNewRun({ dueAtMs: CREATED_AT_MS, arguments: { A: '', 'ü "': '🏎' }, report: aReport() });
    expect(await store().get(run.runKey)).toBeUndefined();
    expect(await Promise.all([store().create(run), store().create(run), store().create(run)])).toEqual(
      expect.arrayContaining([true, false, false]),
    );
    expect(await store().get(run.runKey)).toEqual(run);
    expect(await store().create({ ...run, jobId: 'other' })).toBe(false);
    expect((await store().get(run.runKey))?.jobId).toBe('smoke');
  });

  test('a request has a run of its own or a note that it joined another, never both', async () => {
    const run = aNewRun();
    const joins = (holderKey: string, isOver = false) => ({ holderKey, isOver });
    const { runKey } = run;
    expect(await store().decided(runKey)).toBeUndefined();
    expect(await store().noteJoin(runKey, joins('pb-a'))).toBe(true);
    expect(await store().decided(runKey)).toEqual({ kind: 'joins', note: joins('pb-a') });
    expect(await store().get(runKey)).toBeUndefined();
    // Only who knows what it joined may decide anew.
    expect(await store().create(run)).toBe(false);
    expect(await store().create(run, 'pb-b')).toBe(false);
    expect(await store().noteJoin(runKey, joins('pb-b'))).toBe(false);
    expect(await store().noteJoin(runKey, joins('pb-b'), 'pb-a')).toBe(true);
    expect(await store().create(run, 'pb-a')).toBe(false);
    expect(
      await Promise.all([store().create(run, 'pb-b'), store().noteJoin(runKey, joins('pb-c'), 'pb-b')]),
    ).toContain(false);
  });

  test('what is over stays the answer, and a run stays a run', async () => {
    const [answered, made] = [aNewRun(), await stored()];
    expect(await store().noteJoin(answered.runKey, { holderKey: 'pb-a', isOver: true })).toBe(true);
    expect(await store().create(answered, 'pb-a')).toBe(false);
    expect(await store().noteJoin(made.runKey, { holderKey: 'pb-a', isOver: false }, 'pb-a')).toBe(false);
    expect(await store().decided(made.runKey)).toEqual({ kind: 'run', run: made });
  });

  test('any number that Horreum may give can be kept', async () => {
    const values = [
      NaN,
      Infinity,
      -Infinity,
      1e300,
      -1e300,
      5e-324,
      2 ** 63,
      9007199254740993,
      -0,
      0.1,
      1 / 3,
      1e21,
    ];
    const run = aNewRun({
      report: aReport(values.map((value) => aRow({ value, baseline: value, history: values }))),
    });
    expect(await store().create(run)).toBe(true);
    const rows = (await store().get(run.runKey))?.report?.rows ?? [];
    expect(rows.filter(({ value }) => value !== undefined).map(({ value }) => value)).toEqual(
      expect.arrayContaining([0.1, 1 / 3, 2 ** 63, 1e21]),
    );
    expect(rows.every(({ value }) => value === undefined || typeof value === 'number')).toBe(true);
    expect(await store().save((await store().get(run.runKey)) ?? run)).toBeDefined();
  });

  test('of those who save the same version one wins', async () => {
    const run = await stored();
    const saves = await Promise.all(['a', 'b', 'c'].map((warning) => store().save({ ...run, warning })));
    const won = saves.filter((saved) => saved !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]?.version).toBe(2);
    expect(await store().get(run.runKey)).toEqual(won[0]);
    expect(await store().save(run)).toBeUndefined();
    expect(await store().save(aNewRun())).toBeUndefined();
  });

  test('one worker at a time has a run, until its lease ends', async () => {
    const run = await stored();
    const leases = await Promise.all([1, 2, 3].map(() => store().lease(run, 1000, 5000)));
    const [leased] = leases.filter((one) => one !== undefined);
    expect(leases.filter((one) => one !== undefined)).toHaveLength(1);
    expect(leased).toMatchObject({ version: 2, leaseUntilMs: 5000 });
    if (!leased) return;
    expect(await store().lease(leased, 4999, 9000)).toBeUndefined();
    expect(await store().lease(run, 6000, 9000)).toBeUndefined();
    const next = await store().lease(leased, 5000, 9000);
    expect(next).toMatchObject({ version: 3, leaseUntilMs: 9000 });
    expect(await store().save(leased)).toBeUndefined();
    const { leaseUntilMs: _given, ...back } = next ?? run;
    const saved = await store().save(back);
    expect(saved && (await store().lease(saved, 6000, 9000))).toBeDefined();
  });

  test('the runs of a pull request are listed newest first', async () => {
    const first = await stored();
    const later = [2, 1, 3].map((minutes) =>
      aNewRun({ repository: first.repository, createdAtMs: CREATED_AT_MS + minutes * MINUTE_MS }),
    );
    await Promise.all(later.map((run) => store().create(run)));
    await store().create(
      aNewRun({
        repository: first.repository,
        subject: { kind: 'pull-request', number: 77, fromFork: false },
      }),
    );
    const listed = await store().listBySubject(subjectKey(first), 100);
    expect(listed.map(({ createdAtMs }) => (createdAtMs - CREATED_AT_MS) / MINUTE_MS)).toEqual([3, 2, 1, 0]);
    expect(listed[3]).toEqual(first);
    expect(await store().listBySubject(subjectKey(first), 2)).toHaveLength(2);
    expect(await store().listBySubject('PR#1#0', 10)).toEqual([]);
  });

  test('more than a page of large runs is listed whole', async () => {
    const { repository } = aNewRun();
    const rows = Array.from({ length: 400 }, (_, index) => aRow({ name: `m${index}`, why: 'x'.repeat(250) }));
    for (let index = 0; index < 12; index += 1)
      await store().create(
        aNewRun({ repository, createdAtMs: CREATED_AT_MS + index, report: aReport(rows) }),
      );
    const listed = await store().listBySubject(`PR#${repository.id}#7`, 40);
    expect(listed.map(({ createdAtMs }) => createdAtMs - CREATED_AT_MS)).toEqual([
      11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ]);
  });

  test('open runs of a job are listed oldest first; an ended one leaves', async () => {
    const second = await stored({ createdAtMs: CREATED_AT_MS + 1000 });
    const first = aNewRun({ projectId: second.projectId });
    await store().create(first);
    await store().create(aNewRun({ projectId: second.projectId, jobId: 'other' }));
    const open = () => store().listOpen(second.projectId, 'smoke', 10);
    expect(await open()).toEqual([first.runKey, second.runKey]);
    expect(await store().listOpen(second.projectId, 'smoke', 1)).toEqual([first.runKey]);
    await store().save(moveTo(first, 'failed', CREATED_AT_MS));
    expect(await open()).toEqual([second.runKey]);
  });

  test('a run is due from its time on, in one shard, until nothing is left to do', async () => {
    const dueAtMs = CREATED_AT_MS + 5 * MINUTE_MS;
    const run = await stored({ dueAtMs });
    expect(await dueIn(dueAtMs - 1)).not.toContain(run.runKey);
    expect((await dueIn(dueAtMs)).filter((key) => key === run.runKey)).toHaveLength(1);
    const { dueAtMs: _due, ...settled } = moveTo(run, 'failed', dueAtMs);
    await store().save(settled);
    expect(await dueIn(Number.MAX_SAFE_INTEGER)).not.toContain(run.runKey);
  });

  test('the most overdue comes first, and shards share the load', async () => {
    const runs = Array.from({ length: 64 }, (_, index) => aNewRun({ dueAtMs: index + 1 }));
    await Promise.all(runs.map((run) => store().create(run)));
    const shards = await Promise.all(
      Array.from({ length: store().dueShards }, (_, shard) => store().listDue(shard, 64, 100)),
    );
    expect(shards.flat()).toHaveLength(64);
    for (const shard of shards) {
      expect(shard.length).toBeGreaterThan(0);
      expect(shard.map(({ dueAtMs }) => dueAtMs)).toEqual(
        shard.map(({ dueAtMs }) => dueAtMs).sort((one, other) => one - other),
      );
    }
  });

  test('of several sweepers one postpones a due run, and the run itself is not changed by it', async () => {
    const run = await stored({ dueAtMs: CREATED_AT_MS });
    const won = await Promise.all(
      [1, 2, 3].map((minutes) =>
        store().postpone(run.runKey, CREATED_AT_MS, CREATED_AT_MS + minutes * MINUTE_MS),
      ),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    const { dueAtMs, ...rest } = (await store().get(run.runKey)) ?? run;
    expect(dueAtMs).toBeGreaterThan(CREATED_AT_MS);
    expect({ ...rest, dueAtMs: CREATED_AT_MS }).toEqual(run);
    expect(await dueIn(CREATED_AT_MS)).not.toContain(run.runKey);
    expect(await store().save(run)).toBeDefined();
    expect(await store().postpone('pb-none', 1, 2)).toBe(false);
  });

  test('a claim has one holder, who may claim again and give it back', async () => {
    const { clock } = started();
    const key = `claim-${(count += 1)}`;
    const untilMs = clock.nowMs + 60_000;
    const holders = await Promise.all(['a', 'b', 'c'].map((runKey) => store().claim(key, runKey, untilMs)));
    const [holder = ''] = holders;
    expect(new Set(holders).size).toBe(1);
    expect(await store().claim(key, holder, untilMs)).toBe(holder);
    await store().releaseClaim(key, 'another');
    expect(await store().claim(key, 'another', untilMs)).toBe(holder);
    await store().releaseClaim(key, holder);
    expect(await store().claim(key, 'another', untilMs)).toBe('another');
    clock.nowMs += 60_001;
    expect(await store().claim(key, 'third', clock.nowMs + 1000)).toBe('third');
  });

  test('a pull request’s record is made once and changed from the version that was read', async () => {
    const key = `PR#${(count += 1)}#1`;
    expect(await store().getSubject(key)).toBeUndefined();
    const made = await Promise.all(
      [1, 2, 3].map((statusCommentId) =>
        store().saveSubject({ subjectKey: key, version: 0, statusCommentId }),
      ),
    );
    const [first] = made.filter((one) => one !== undefined);
    expect(made.filter((one) => one !== undefined)).toHaveLength(1);
    expect(await store().getSubject(key)).toEqual(first);
    const behind = { ['a'.repeat(40)]: null, ['b'.repeat(40)]: 3 };
    const changed = first && (await store().saveSubject({ ...first, behind, approvedShas: ['c'] }));
    expect(await store().getSubject(key)).toEqual(changed);
    expect(first && (await store().saveSubject(first))).toBeUndefined();
  });

  test('a pull request’s record that has expired is none, and can be made anew', async () => {
    const { clock } = started();
    const key = `PR#${(count += 1)}#1`;
    await store().saveSubject({ subjectKey: key, version: 0, statusCommentId: 1 });
    clock.nowMs += 401 * 24 * 60 * MINUTE_MS;
    expect(await store().getSubject(key)).toBeUndefined();
    expect(await store().saveSubject({ subjectKey: key, version: 0, statusCommentId: 2 })).toMatchObject({
      version: 1,
    });
    expect(await store().getSubject(key)).toMatchObject({ statusCommentId: 2 });
  });

  test('a counter goes up to its limit, however many count at once, and starts anew when it has expired', async () => {
    const { clock } = started();
    const key = `QUOTA#${(count += 1)}`;
    const untilMs = clock.nowMs + 60_000;
    expect(await store().counted(key)).toBe(0);
    const counted = await Promise.all(Array.from({ length: 8 }, () => store().countUpTo(key, 3, untilMs)));
    expect(counted.filter(Boolean)).toHaveLength(3);
    expect(await store().counted(key)).toBe(3);
    expect(await store().countUpTo(key, 4, untilMs)).toBe(true);
    expect(await store().countUpTo(`${key}-none`, 0, untilMs)).toBe(false);
    clock.nowMs += 60_001;
    expect(await store().counted(key)).toBe(0);
    expect(await store().countUpTo(key, 1, clock.nowMs + 60_000)).toBe(true);
    expect(await store().countUpTo(key, 1, clock.nowMs + 60_000)).toBe(false);
    expect(await store().counted(key)).toBe(1);
  });

  test('the last durations of a job are kept', async () => {
    const { projectId } = aNewRun();
    expect(await store().durations(projectId, 'smoke')).toEqual([]);
    for (let index = 1; index <= 25; index += 1) await store().addDuration(projectId, 'smoke', index);
    expect(await store().durations(projectId, 'smoke')).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 6),
    );
    expect(await store().durations(projectId, 'other')).toEqual([]);
  });
}
