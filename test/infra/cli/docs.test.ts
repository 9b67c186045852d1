/** What is generated is current: the schema of project files, the help in docs/cli.md; and .env.example names every setting. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { PAGE_PATH, withHelp } from '../../../infra/cli/write-cli-page.ts';
import { projectSchemaText, SCHEMA_PATH } from '../../../infra/cli/write-schema.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

test('docs/project.schema.json is what the schema says now (node infra/cli/write-schema.ts)', async () => {
  expect(await readFile(SCHEMA_PATH, 'utf8')).toBe(await projectSchemaText());
});

test('the schema refuses unknown keys, as the bot does', async () => {
  const schema = JSON.parse(await readFile(SCHEMA_PATH, 'utf8'));
  expect(schema.additionalProperties).toBe(false);
  expect(schema.properties.jobs.additionalProperties.additionalProperties).toBe(false);
  expect(schema.required).toEqual(['repoFullName', 'jobs']);
});

test('the help in docs/cli.md is the commands’ own (node infra/cli/write-cli-page.ts)', async () => {
  const page = await readFile(PAGE_PATH, 'utf8');
  expect(page).toBe(withHelp(page));
});

describe('.env.example', () => {
  const text = readFileSync(join(ROOT, '.env.example'), 'utf8');
  const described = [...text.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);

  test.each([
    'PORT',
    'PUBLIC_URL',
    'DATA_DIR',
    'PROJECTS_DIR',
    'GITHUB_API_URL',
    'GITHUB_APP_ID',
    'GITHUB_PRIVATE_KEY',
    'GITHUB_WEBHOOK_SECRET',
    'JENKINS_URL',
    'HORREUM_URL',
    'URL_TOKEN_SECRET',
    'ACCEPT_UNSIGNED_JOB_CALLBACKS',
    'SWEEP_INTERVAL_SECONDS',
    'PERF_BOT_PROMPT',
    'AWS_ENDPOINT_URL_DYNAMODB',
    'AWS_ENDPOINT_URL_SQS',
    'AMQP_URL',
    'AMQP_QUEUE',
  ])('tells of %s', (name) => {
    expect(described).toContain(name);
  });

  test('copied as it is, it sets nothing', () => {
    expect(Object.values(parseEnv(text)).filter((value) => value !== '')).toEqual([]);
  });
});
