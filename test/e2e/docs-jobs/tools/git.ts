/** As much of git as the jobs use, against a GitHub that holds one repository: each commit of it has a build. */
import { mkdirSync, writeFileSync, readFileSync } from 'node:fs';

const [command = '', ...rest] = process.argv.slice(2);
const words = rest.filter((word) => !['-q', '--depth', '1', '--detach'].includes(word));

const BUILDS = '#!/bin/sh\necho "[INFO] BUILD SUCCESS"\nmkdir -p target\n';
const DOES_NOT_BUILD = '#!/bin/sh\necho "[ERROR] src/main/java/Shop.java:[12,5] \';\' expected"\nexit 1\n';

function die(message: string): never {
  process.stderr.write(`fatal: ${message}\n`);
  process.exit(128);
}

if (command === 'init') {
  mkdirSync(`${words[0] ?? '.'}/.git`, { recursive: true });
} else if (command === 'fetch') {
  const [url = '', ref = ''] = words;
  if (url !== process.env['LAB_REPOSITORY_URL']) die(`repository '${url}' not found`);
  if (!/^[0-9a-f]{40}$/.test(ref)) die(`couldn't find remote ref ${ref}`);
  writeFileSync('.git/FETCH_HEAD', ref);
} else if (command === 'checkout' && words[0] === 'FETCH_HEAD') {
  writeFileSync('COMMIT', readFileSync('.git/FETCH_HEAD', 'utf8'));
  writeFileSync('mvnw', process.env['LAB_BUILD_FAILS'] ? DOES_NOT_BUILD : BUILDS, { mode: 0o755 });
} else {
  die(`this git does not know: ${[command, ...rest].join(' ')}`);
}
