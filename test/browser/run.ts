/** `npm run test:browser`: installs what only these tests need, on demand, and runs them. `--pictures` makes docs/images instead. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as {
  devDependencies: Record<string, string>;
};

const isInstalled = Object.entries(devDependencies).every(([name, version]) => {
  const path = `${folder}node_modules/${name}/package.json`;
  return (
    existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version === version
  );
});
if (!isInstalled) run('npm', ['ci', '--no-audit', '--no-fund', '--prefix', folder]);
if (process.argv.includes('--pictures')) run(process.execPath, [`${folder}pictures.ts`]);
else run(process.execPath, ['--test', `${folder}charts.browser.ts`, `${folder}gallery.browser.ts`]);

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
