/** A job's lab gets the project's own keys, and only GitHub gets the App's token. */
import { expect, test } from '@jest/globals';
import type { JobDef, ProjectConfig } from '../../../lib/bot/projects/project-config.ts';
import { connectionOf } from '../../../lib/wiring/labs.ts';

const settings = {
  jenkinsUrl: 'https://jenkins.example.com',
  gitHubApiUrl: 'https://ghe.example.com/api/v3',
};
const job: JobDef = { platformJobId: 'perf.yml', lab: 'actions' };

function connect(url: string | undefined, platform = 'github-actions') {
  const actions = { platform, settings: { repository: 'acme/perf' }, ...(url === undefined ? {} : { url }) };
  const project = { labs: { actions }, jobPlatformUrl: 'https://elsewhere.test' };
  return connectionOf(settings, project as unknown as ProjectConfig, job, { 'lab:actions:apiKey': 'key' });
}

test('the App’s token goes to the operator’s GitHub, whatever address a project names', () => {
  expect(connect(undefined).baseUrl).toBe(settings.gitHubApiUrl);
  expect(connect('https://ghe.example.com/api/v3').baseUrl).toBe(settings.gitHubApiUrl);
  for (const url of [
    'https://a.test',
    'https://ghe.example.com.a.test/api/v3',
    'http://ghe.example.com/api/v3',
  ])
    expect(() => connect(url)).toThrow('GitHub Actions is reached at https://ghe.example.com/api/v3');
});

test('other labs are where the project says', () => {
  expect(connect('https://a.test', 'argo-cd')).toMatchObject({ baseUrl: 'https://a.test', token: 'key' });
});
