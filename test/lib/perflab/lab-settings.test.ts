/** The registry and the table of settings cover every platform, and the executors read no setting that the table lacks. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { EXECUTORS } from '../../../lib/wiring/labs.ts';
import { PLATFORMS } from '../../../lib/perflab/job-executor.ts';
import { LAB_SETTINGS } from '../../../lib/perflab/lab-settings.ts';
import { accessWith, testCall } from './executor-contract.ts';

const folder = new URL('../../../lib/perflab/', import.meta.url);

test.each(PLATFORMS)(
  '%s: its executor says what it is, and reads exactly the settings in the table',
  (platform) => {
    const deps = { call: testCall({ ms: 1 }), nowMs: () => 0, accessTo: accessWith('') };
    expect(EXECUTORS[platform](deps, { baseUrl: 'http://127.0.0.1', settings: {} }).platform).toBe(platform);
    const ofPlatform = new URL(`${platform}/`, folder);
    const read = readdirSync(ofPlatform).flatMap((name) =>
      [...readFileSync(new URL(name, ofPlatform), 'utf8').matchAll(/settings\['(\w+)'\]/g)].map(
        (match) => match[1],
      ),
    );
    expect([...new Set(read)].sort()).toEqual(LAB_SETTINGS[platform].map(({ name }) => name).sort());
  },
);
