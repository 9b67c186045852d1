/** An operator's commands that die half-way, and are given again. */
import { afterAll, expect, test } from '@jest/globals';
import type { ProxiedCall } from './fault-proxy.ts';
import { closeEmbeddedTables } from './embedded-tables.ts';
import { requestTo } from './operator.ts';
import { OPERATOR_SCENARIOS } from './operator-scenarios.ts';
import { nameOf } from './places.ts';
import { playScene } from './play-scene.ts';
import { isBuilding, runOnFirst } from './acts.ts';
import { runCase } from './run-case.ts';
import { startWorld } from './world.ts';

const PATIENCE_MS = 300_000;
const KILLED = { kind: 'killed', when: 'before' } as const;

afterAll(closeEmbeddedTables);

test(
  'a removal that dies before the keys are gone leaves none behind once it is given again',
  async () => {
    const scenario = OPERATOR_SCENARIOS.find(({ name }) => name.includes('removes a project'));
    const strike = { place: { system: 'secretsmanager', call: 'DeleteSecret' }, occurrence: 1 } as const;
    const outcome = scenario && (await runCase(scenario, [{ ...strike, fault: KILLED }]));
    expect(outcome).toMatchObject({ problems: [], struck: 1 });
  },
  PATIENCE_MS,
);

test(
  'a project is not removed while a run of it is in somebody’s hands, so that no job is left running at the lab',
  async () => {
    let isArmed = true;
    const faultFor = ({ place, caller }: ProxiedCall) => {
      if (!isArmed || caller?.name !== 'admin-api' || !nameOf(place).endsWith('/stop')) return undefined;
      isArmed = false;
      return KILLED;
    };
    const world = await startWorld({ faultFor, lingersMs: 10 * 60_000 });
    const remove = () => world.containers.invoke('admin-api', requestTo('DELETE', '/config/acme/webshop'));
    const answers: unknown[] = [];
    try {
      await playScene(world, [
        runOnFirst,
        {
          when: (world) => isBuilding(world, 0),
          async act({ clock }) {
            answers.push(await remove(), await remove());
            clock.skip(60_000);
            answers.push(await remove());
          },
        },
      ]);
      expect(answers).toEqual([
        'killed',
        expect.objectContaining({ statusCode: 400, body: expect.stringContaining('Try again in a minute') }),
        expect.objectContaining({ statusCode: 204 }),
      ]);
      const [run] = await world.runsOf(world.pulls[0]);
      expect(run?.state).toBe('cancelled');
      expect(world.lab.runs().map(({ ended }) => ended)).toEqual([true]);
    } finally {
      await world.close();
    }
  },
  PATIENCE_MS,
);
