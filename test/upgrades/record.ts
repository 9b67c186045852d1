/** Writes what this version stores as a fixture for all later ones: `npm run record`, once for each release. Names of scenes (or `template`) limit it to those. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { closeEmbeddedTables } from '../faults/embedded-tables.ts';
import { fixtureDir, sceneFile } from './fixture.ts';
import { inScene, takeSnapshot } from './play.ts';
import { SCENES } from './scenes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const dir = fixtureDir(version);
const only = process.argv.slice(2);

const write = async (path: string, value: unknown) =>
  writeFileSync(path, await format(JSON.stringify(value), { parser: 'json', printWidth: 110 }));

// What is put off is put off by a chance time.
Math.random = () => 0.5;
mkdirSync(join(dir, 'scenes'), { recursive: true });
for (const scene of SCENES) {
  if (only.length > 0 && !only.includes(scene.name)) continue;
  const snapshot = await inScene(scene, (world) => takeSnapshot(world, scene));
  await write(sceneFile(version, scene.name), snapshot);
}
await closeEmbeddedTables();

if (only.length === 0 || only.includes('template')) {
  const out = mkdtempSync(join(tmpdir(), 'perf-bot-template-'));
  execFileSync('npx', ['cdk', 'synth', '--quiet', '--output', out], { cwd: ROOT, stdio: 'inherit' });
  const template: unknown = JSON.parse(readFileSync(join(out, 'PerfBot.template.json'), 'utf8'));
  await write(join(dir, 'template.json'), template);
  rmSync(out, { recursive: true });
}
