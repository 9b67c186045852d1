/** Where the fixtures of the versions are, one folder for each. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** Every version that this one must understand. */
export const VERSIONS = readdirSync(FIXTURES).filter((name) => /^\d+\.\d+\.\d+$/.test(name));

export const fixtureDir = (version: string) => join(FIXTURES, version);

export const sceneFile = (version: string, sceneName: string) =>
  join(fixtureDir(version), 'scenes', `${sceneName.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.json`);
