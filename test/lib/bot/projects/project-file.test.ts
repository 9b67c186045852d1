/** The project file: the original's shape loads unchanged, everything that is wrong is said at once, and secrets go their own way. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../../lib/bot/record/errors.ts';
import { readProjectFile, separateSecrets } from '../../../../lib/bot/projects/apply-project.ts';
import { maskedProject } from '../../../../lib/bot/projects/project-config.ts';

type File = Record<string, unknown> & { jobs: Record<string, Record<string, unknown>> };

/** A file as users of the Java original have it. */
const original = (): File =>
  JSON.parse(readFileSync(new URL('original-project.json', import.meta.url), 'utf8')) as File;

function faultsOf(content: unknown): string[] {
  try {
    readProjectFile(content);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message.split('\n').slice(1);
  }
}

/** The original's file with one thing changed; `undefined` takes it away. */
function changed(path: string, value: unknown): unknown {
  const file = original();
  const names = path.split('/');
  const last = names.pop() ?? '';
  const at = names.reduce<Record<string, unknown>>(
    (object, name) => object[name] as Record<string, unknown>,
    file,
  );
  if (value === undefined) delete at[last];
  else at[last] = value;
  return file;
}

describe('the original’s file', () => {
  test('loads as it is', () => {
    expect(readProjectFile(original())).toEqual(original());
  });

  test.each([
    [
      'numbers as ids',
      'jobs/checkout-flow/datastoreConfig',
      { testId: 42, viewId: 7 },
      { testId: '42', viewId: '7' },
    ],
    ['null where nothing is', 'jobs/checkout-flow/datastoreConfig', null, null],
    [
      'no view',
      'jobs/checkout-flow/datastoreConfig',
      { testId: '42', viewId: null },
      { testId: '42', viewId: null },
    ],
  ])('may have %s', (_name, path, value, read) => {
    expect(readProjectFile(changed(path, value)).jobs['checkout-flow']?.datastoreConfig).toEqual(read);
  });

  test('may have a URL with a slash at its end, a $schema, and no users', () => {
    expect(readProjectFile(changed('datastoreUrl', 'https://horreum.acme.test/x/'))).toMatchObject({
      datastoreUrl: 'https://horreum.acme.test/x',
    });
    expect(faultsOf(changed('$schema', './project.schema.json'))).toEqual([]);
    expect(faultsOf(changed('authorizedUsers', undefined))).toEqual([]);
  });
});

const JOB = 'jobs/checkout-flow';

describe('a broken file', () => {
  test.each<[string, unknown, string]>([
    ['repoFullName', undefined, 'repoFullName: '],
    ['repoFullName', 'shop', 'repoFullName: must be owner/repository'],
    ['repoFullName', 'acme/shop/extra', 'repoFullName: must be owner/repository'],
    ['repoFullName', 'https://github.com/acme/shop', 'repoFullName: '],
    ['authorizedUser', ['ana'], '(top level): Unrecognized key: "authorizedUser"'],
    ['authorizedUsers', 'ana', 'authorizedUsers: '],
    ['authorizedUsers', ['ana', ''], 'authorizedUsers.1: '],
    ['authorizedTeams', ['perf'], 'authorizedTeams.0: must be organization/team-slug'],
    ['minimumPermission', 'owner', 'minimumPermission: '],
    ['datastoreUrl', 'horreum.acme.test', 'datastoreUrl: '],
    ['datastoreUrl', 'file:///etc/passwd', 'datastoreUrl: '],
    ['jobPlatformUrl', 'javascript:alert(1)', 'jobPlatformUrl: '],
    [
      'jobPlatformUrl',
      'https://ci:key@lab.acme.test',
      'jobPlatformUrl: must not contain a user or a password',
    ],
    ['datastoreUrl', 'https://key@horreum.acme.test', 'datastoreUrl: must not contain a user or a password'],
    ['datastoreApiKey', '', 'datastoreApiKey: '],
    ['datastoreApiKey', 42, 'datastoreApiKey: '],
    ['jobs', {}, 'jobs: must contain at least one job'],
    ['jobs', [], 'jobs: '],
    ['jobs', undefined, 'jobs: '],
    ['jobs/a job', { platformJobId: 'x' }, 'jobs.a job: '],
    [`${JOB}/platformJobId`, undefined, 'jobs.checkout-flow.platformJobId: '],
    [`${JOB}/platformJobID`, 'x', 'jobs.checkout-flow: Unrecognized key: "platformJobID"'],
    [
      `${JOB}/pullRequestNumberParam`,
      'PR NUMBER',
      'jobs.checkout-flow.pullRequestNumberParam: must be a parameter name',
    ],
    [`${JOB}/datastoreConfig`, {}, 'jobs.checkout-flow.datastoreConfig.testId: '],
    [`${JOB}/datastoreConfig`, { testId: '1; DROP' }, 'jobs.checkout-flow.datastoreConfig.testId: '],
    [`${JOB}/datastoreConfig`, { testId: 0 }, 'jobs.checkout-flow.datastoreConfig.testId: '],
    [`${JOB}/configurableParams`, { 'A B': { name: 'A' } }, 'jobs.checkout-flow.configurableParams.A B: '],
    [`${JOB}/configurableParams`, { A: {} }, 'jobs.checkout-flow.configurableParams.A.name: '],
    [
      `${JOB}/configurableParams`,
      { A: { name: 'A', pattern: '(' } },
      'jobs.checkout-flow.configurableParams.A.pattern: must be a regular expression',
    ],
    [
      `${JOB}/configurableParams`,
      { A: { name: 'A', pattern: 'a)(b' } },
      'jobs.checkout-flow.configurableParams.A.pattern: must be a regular expression',
    ],
    [
      `${JOB}/configurableParams`,
      { A: { name: 'A', pattern: '\\-' } },
      'jobs.checkout-flow.configurableParams.A.pattern: must be a regular expression',
    ],
    ...['..', 'folder/../x', './x', 'half \ud83d'].map((platformJobId): [string, unknown, string] => [
      `${JOB}/platformJobId`,
      platformJobId,
      'jobs.checkout-flow.platformJobId: must not contain . or ..',
    ]),
    ['repoFullName', 'acme/..', 'repoFullName: must not contain . or ..'],
    ['authorizedTeams', ['acme/..'], 'authorizedTeams.0: must not contain . or ..'],
    [`${JOB}/platform`, 'hudson', 'jobs.checkout-flow.platform: '],
    [
      `${JOB}/platform`,
      'argo-workflows',
      'jobs.checkout-flow.platformSettings: argo-workflows needs the setting namespace',
    ],
    [
      `${JOB}/platformSettings`,
      { namespace: 'x' },
      'jobs.checkout-flow.platformSettings: jenkins has no setting namespace',
    ],
    [`${JOB}/lab`, 'lab9', 'jobs.checkout-flow.lab: there is no lab lab9 in this file'],
    [`${JOB}/lab`, 'constructor', 'jobs.checkout-flow.lab: there is no lab constructor in this file'],
    [`${JOB}/timeoutMinutes`, 0, 'jobs.checkout-flow.timeoutMinutes: '],
    [`${JOB}/timeoutMinutes`, '30', 'jobs.checkout-flow.timeoutMinutes: '],
    [`${JOB}/metrics`, { a: { direction: 'down' } }, 'jobs.checkout-flow.metrics.a.direction: '],
    [`${JOB}/automatic`, [{ on: 'merge' }], 'jobs.checkout-flow.automatic.0.on: '],
    [
      `${JOB}/automatic`,
      [{ on: 'label' }],
      'jobs.checkout-flow.automatic.0.label: a rule on a label must name the label',
    ],
    [
      `${JOB}/automatic`,
      [{ on: 'push', branches: [] }],
      'jobs.checkout-flow.automatic.0.branches: a rule on a push must name its branches',
    ],
    [
      `${JOB}/automatic`,
      [{ on: 'opened', parameters: { USER: '1' } }],
      'jobs.checkout-flow.automatic.0.parameters.USER: is not a configurable parameter',
    ],
    ['quotas', { runsAtATime: 0 }, 'quotas.runsAtATime: '],
  ])('%s = %j', (path, value, fault) => {
    const faults = faultsOf(changed(path, value));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`- ${fault}`);
  });

  test.each([[null], [[]], ['text'], [42], [undefined], [{}]])('%j is no file', (content) =>
    expect(faultsOf(content).length).toBeGreaterThan(0),
  );

  test('is told all its faults at once', () => {
    const file = { ...original(), repoFullName: 'x', jobPlatformUrl: 'y', extra: 1 };
    file.jobs['bare'] = { platformJobId: '', timeoutMinutes: -1 };
    expect(faultsOf(file).map((fault) => fault.slice(2).split(':')[0])).toEqual(
      expect.arrayContaining([
        'repoFullName',
        'jobPlatformUrl',
        'jobs.bare.platformJobId',
        'jobs.bare.timeoutMinutes',
        '(top level)',
      ]),
    );
  });

  test('never shows a value that may be secret in its faults', () => {
    const message = faultsOf({
      ...original(),
      datastoreApiKey: { HUSR_OOPS: 'HUSR_OOPS' },
      jobPlatformApiKey: ['11f0-oops'],
    }).join();
    expect(message).not.toMatch(/HUSR_OOPS|11f0-oops/);
  });
});

test('any JSON is a file or a list of faults, never another error', () => {
  fc.assert(fc.property(fc.jsonValue(), (content) => expect(faultsOf(content).length).toBeGreaterThan(0)));
  fc.assert(
    fc.property(
      fc.constantFrom('jobs', 'labs', 'quotas', JOB, `${JOB}/automatic`, `${JOB}/configurableParams`),
      fc.jsonValue(),
      (path, value) => expect(Array.isArray(faultsOf(changed(path, value)))).toBe(true),
    ),
  );
});

describe('what is secret', () => {
  const file = readProjectFile({
    ...original(),
    datastoreCaCertificates: 'PEM-OF-HORREUM',
    labs: {
      lab1: {
        platform: 'jenkins',
        url: 'https://lab1.test/',
        apiKey: 'lab1-secret',
        caCertificates: 'PEM-OF-LAB1',
      },
      lab2: { platform: 'jenkins' },
    },
  });
  const { config, secrets } = separateSecrets(file);

  test('goes apart from the rest', () => {
    expect(secrets).toEqual({
      datastoreApiKey: 'HUSR_1B2C_SECRET',
      datastoreCaCertificates: 'PEM-OF-HORREUM',
      jobPlatformApiKey: '11f0-jenkins-secret',
      'lab:lab1:apiKey': 'lab1-secret',
      'lab:lab1:caCertificates': 'PEM-OF-LAB1',
    });
    expect(JSON.stringify(config)).not.toMatch(/secret|SECRET|PEM/);
    expect(config.labs).toEqual({
      lab1: { platform: 'jenkins', url: 'https://lab1.test' },
      lab2: { platform: 'jenkins' },
    });
  });

  test('is shown as stars at the place where it stood', () => {
    const project = {
      ...config,
      projectId: 'p1',
      secretNames: Object.keys(secrets),
      activatedAtMs: 0,
      version: 1,
    };
    const stars = '*** (in the secret store)';
    expect(maskedProject(project)).toMatchObject({
      datastoreApiKey: stars,
      jobPlatformApiKey: stars,
      jobPlatformUser: 'bench',
      labs: {
        lab1: { apiKey: stars, caCertificates: stars, url: 'https://lab1.test' },
        lab2: { platform: 'jenkins' },
      },
    });
  });
});
