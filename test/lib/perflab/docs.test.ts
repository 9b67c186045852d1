/** The pages for the lab's people are true: their jobs take exactly what the bot sends, and what can be run of them is run. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { startArgoWorkflowsStandIn } from '../../../infra/local/argo-workflows/argo-workflows-stand-in.ts';
import { startActionsStandIn } from '../../../infra/local/github-actions/actions-stand-in.ts';
import { startJenkinsStandIn } from '../../../infra/local/jenkins/jenkins-stand-in.ts';
import { jobParameters } from '../../../lib/bot/projects/job-parameters.ts';
import { projectFileSchema } from '../../../lib/bot/projects/project-schema.ts';
import { createArgoWorkflowsExecutor } from '../../../lib/perflab/argo-workflows/argo-workflows.ts';
import { createGitHubActionsExecutor } from '../../../lib/perflab/github-actions/github-actions.ts';
import { createJenkinsExecutor } from '../../../lib/perflab/jenkins/jenkins.ts';
import { RUN_PARAMETER, type Platform } from '../../../lib/perflab/job-executor.ts';
import { LAB_SETTINGS } from '../../../lib/perflab/lab-settings.ts';
import { createWebhookExecutor } from '../../../lib/perflab/webhook/webhook.ts';
import { at, listAt, textAt } from '../../../lib/json.ts';
import { blocks, page } from '../../../infra/local/stand-in/lab-pages.ts';
import { accessWith, refOf, refusal, SECRET, testCall } from './executor-contract.ts';

const horreum = (name: string) => JSON.parse(page(`horreum/${name}`)) as unknown;

/** The job of a page's project file: what the bot would send, and with which settings. */
function configured(name: string) {
  const project = projectFileSchema.parse(JSON.parse(blocks(page(name), 'json')[0] ?? ''));
  const job = project.jobs['getting-started']!;
  const lab = project.labs?.[job.lab ?? ''];
  const sentFor = (pullRequestNumber: number | undefined) => [
    RUN_PARAMETER,
    ...Object.keys(
      jobParameters(job, {}, { repoFullName: 'acme/shop', pullRequestNumber, headSha: 'a'.repeat(40) }),
    ),
  ];
  return {
    job: job.platformJobId,
    platform: lab?.platform ?? job.platform,
    settings: lab?.settings ?? {},
    sent: sentFor(7),
    sentForBranch: sentFor(undefined),
  };
}

const PAGES: readonly Platform[] = ['jenkins', 'argo-workflows', 'argo-cd', 'github-actions', 'webhook'];

test.each(PAGES)('%s: its project file loads, with settings that exist', (platform) => {
  const { platform: said, settings } = configured(`${platform}.md`);
  expect(said).toBe(platform);
  const known = LAB_SETTINGS[platform];
  expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(settings)));
  expect(Object.keys(settings)).toEqual(
    expect.arrayContaining(known.filter(({ required }) => required).map(({ name }) => name)),
  );
});

describe('a run on a branch sends no pull request number, and each job does without', () => {
  const [, workflowTemplate = ''] = blocks(page('argo-workflows.md'), 'yaml');
  const [workflowFile = ''] = blocks(page('github-actions.md'), 'yaml');
  const [, tekton] = parseAllDocuments(blocks(page('webhook.md'), 'yaml')[0] ?? '').map(
    (one) => one.toJS() as unknown,
  );
  const withValue = (parameters: readonly unknown[]) =>
    parameters
      .filter((one) => at(one, 'value') !== undefined || at(one, 'default') !== undefined)
      .map((one) => textAt(one, 'name'));

  test.each(PAGES)('%s', (platform) => {
    const { sent, sentForBranch } = configured(`${platform}.md`);
    expect(sent.filter((name) => !sentForBranch.includes(name))).toEqual(['PULL_REQUEST_NUMBER']);
  });

  test('it has a value of its own in the WorkflowTemplate, the workflow file and the TriggerTemplate', () => {
    expect(withValue(listAt(parse(workflowTemplate), 'spec', 'arguments', 'parameters'))).toContain(
      'PULL_REQUEST_NUMBER',
    );
    const input = at(parse(workflowFile), 'on', 'workflow_dispatch', 'inputs', 'PULL_REQUEST_NUMBER');
    expect(input).toMatchObject({ default: '' });
    expect(input).not.toHaveProperty('required');
    expect(withValue(listAt(tekton, 'spec', 'params'))).toEqual(['pull-request']);
  });
});

test('the request shown for the signed webhook is what its project file makes the bot send', () => {
  const request = blocks(page('webhook.md'), 'http')[0] ?? '';
  const body: unknown = JSON.parse(request.trimEnd().split('\n').at(-1) ?? '');
  const { sent } = configured('webhook.md');
  expect(Object.keys(at(body, 'params') as object).sort()).toEqual([...sent].sort());
  expect(textAt(body, 'params', RUN_PARAMETER)).toBe(textAt(body, 'runKey'));
  expect(request).toContain(`Idempotency-Key: ${textAt(body, 'runKey') ?? ''}\n`);
});

describe('each job takes what the bot sends, and none pastes a parameter into a script', () => {
  const opened: { close(): Promise<unknown> }[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));
  const deps = { call: testCall({ ms: 10_000 }), nowMs: Date.now, accessTo: accessWith(SECRET) };
  const noComplaint = (findings: readonly { ok: boolean }[]) =>
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);

  function expectSafe(scripts: readonly string[], forbidden: RegExp): void {
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) {
      expect(script).not.toMatch(forbidden);
      execFileSync('sh', ['-n'], { input: script });
    }
  }

  test('Jenkinsfile', async () => {
    const { job, sent } = configured('jenkins.md');
    const [jenkinsfile = ''] = blocks(page('jenkins.md'), 'groovy');
    const parameters = [...jenkinsfile.matchAll(/string\(name: '(\w+)'/g)].map((match) => ({
      name: match[1] ?? '',
    }));
    expect(parameters.map(({ name }) => name).sort()).toEqual([...sent].sort());
    const scripts = [...jenkinsfile.matchAll(/\bsh '''([\s\S]*?)'''/g)].map((match) => match[1] ?? '');
    expect(jenkinsfile.match(/^ +sh\b/gm)).toHaveLength(scripts.length);
    expectSafe(scripts, /\$\{/);
    const jenkins = await startJenkinsStandIn({ jobs: [{ name: job, parameters }], token: SECRET });
    opened.push(jenkins);
    const executor = createJenkinsExecutor(deps, {
      baseUrl: jenkins.url,
      user: 'perf-bot',
      token: SECRET,
      settings: {},
    });
    noComplaint(await executor.checkConnection({ job, parameterNames: sent }));
  });

  test('WorkflowTemplate', async () => {
    const { job, sent, settings } = configured('argo-workflows.md');
    const template: unknown = parse(blocks(page('argo-workflows.md'), 'yaml')[1] ?? '');
    const parameters = listAt(template, 'spec', 'arguments', 'parameters') as {
      name: string;
      value?: string;
    }[];
    expect(parameters.map(({ name }) => name).sort()).toEqual([...sent].sort());
    const containers = listAt(template, 'spec', 'templates').flatMap((one) => at(one, 'container') ?? []);
    expectSafe([...containers.map((one) => textAt(one, 'args', 0) ?? ''), 'true'], /\{\{/);
    expect(listAt(template, 'spec', 'templates').map((one) => textAt(one, 'name'))).toContain(
      textAt(template, 'spec', 'onExit'),
    );
    const argo = await startArgoWorkflowsStandIn({ templates: [{ name: job, parameters }], token: SECRET });
    opened.push(argo);
    const executor = createArgoWorkflowsExecutor(deps, { baseUrl: argo.url, token: SECRET, settings });
    noComplaint(await executor.checkConnection({ job, parameterNames: sent }));
  });

  test('workflow file', async () => {
    const { job, sent, settings } = configured('github-actions.md');
    const [text = ''] = blocks(page('github-actions.md'), 'yaml');
    const workflow: unknown = parse(text);
    const inputs = Object.keys(at(workflow, 'on', 'workflow_dispatch', 'inputs') as object);
    expect(inputs.sort()).toEqual([...sent].sort());
    const steps = listAt(workflow, 'jobs', 'measure', 'steps');
    expectSafe(
      steps.map((step) => textAt(step, 'run') ?? ''),
      /\$\{\{/,
    );
    const title = (given: Readonly<Record<string, string>>) =>
      (textAt(workflow, 'run-name') ?? '').replace(
        /\$\{\{ inputs\.(\w+) \}\}/g,
        (_, name: string) => given[name] ?? '',
      );
    const file = {
      repository: settings['repository'] ?? '',
      file: job,
      text,
      title,
      inputs: inputs.map((name) => ({ name })),
    };
    const github = await startActionsStandIn({
      workflows: [file],
      server: 'ghes',
      listLagMs: 0,
      token: SECRET,
    });
    opened.push(github);
    const executor = createGitHubActionsExecutor(deps, { baseUrl: github.url, settings });
    noComplaint(await executor.checkConnection({ job, parameterNames: sent }));
    const request = {
      attemptKey: 'pb-docs',
      job,
      parameters: { PERF_BOT_RUN: 'pb-docs', REPO_FULL_NAME: 'o/r' },
      requestedAtMs: Date.now(),
    };
    refOf(await executor.startJob(request));
    let found = await executor.findRun(request);
    while (!found) found = await executor.findRun(request);
    expect(found.runId).toBe(String(github.state.all()[0]?.id));
  });

  test('receiver of the signed webhook: runs once, tells where it is, stops, refuses what is not signed', async () => {
    const { job, settings } = configured('webhook.md');
    const [source = ''] = blocks(page('webhook.md'), 'js');
    const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
      createReceiver: (
        secret: string,
        jobs: Record<string, (parameters: unknown, signal: AbortSignal) => Promise<string>>,
      ) => Server;
    };
    let started = 0;
    const run = (_: unknown, signal: AbortSignal) => {
      started += 1;
      return new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('failed')));
    };
    const server = module.createReceiver(SECRET, { [job]: run });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/perf-bot`;
    const executor = createWebhookExecutor(deps, { baseUrl, token: SECRET, settings });
    const request = {
      attemptKey: 'pb-docs',
      job,
      parameters: { PERF_BOT_RUN: 'pb-docs' },
      requestedAtMs: Date.now(),
    };
    noComplaint(await executor.checkConnection({ job, parameterNames: [] }));
    expect(
      await createWebhookExecutor(deps, { baseUrl, token: 'other', settings }).startJob(request),
    ).toMatchObject(refusal(/refused the signature/));
    const ref = refOf(await executor.startJob(request));
    expect(refOf(await executor.startJob(request))).toEqual(ref);
    expect(started).toBe(1);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({ phase: 'running' });
    expect(await executor.cancelRun(request, ref, 'gentle')).toBe('requested');
    let { phase } = await executor.getJobStatus(request, ref);
    while (phase === 'running') ({ phase } = await executor.getJobStatus(request, ref));
    expect(phase).toBe('cancelled');
    expect(await executor.cancelRun(request, ref, 'gentle')).toBe('already-finished');
  });

  test('Tekton’s EventListener reads what is really sent, and lets only the start through', async () => {
    const [listener, template] = parseAllDocuments(blocks(page('webhook.md'), 'yaml')[0] ?? '').map(
      (one) => one.toJS() as unknown,
    );
    const trigger = at(listener, 'spec', 'triggers', 0);
    expect(at(trigger, 'interceptors', 0, 'params', 1, 'value')).toEqual(['perf_bot_run']);
    const { sent, job } = configured('webhook.md');
    const calls: { body: unknown; event: string | undefined }[] = [];
    const call = async (request: { body?: string; headers?: Readonly<Record<string, string>> }) => {
      calls.push({ body: JSON.parse(request.body ?? ''), event: request.headers?.['x-github-event'] });
      return { status: 202, headers: {}, text: '', truncated: false };
    };
    const executor = createWebhookExecutor(
      { call, nowMs: Date.now },
      { baseUrl: 'https://el.example.com', token: SECRET, settings: {} },
    );
    const parameters = Object.fromEntries(sent.map((name) => [name, '1']));
    const subject = { repository: 'o/r', pullRequest: 1, commit: 'abc' };
    const request = {
      attemptKey: 'pb-docs',
      job,
      parameters,
      requestedAtMs: 0,
      subject,
      callbackUrl: 'https://bot.example.com/job/t',
    };
    await executor.startJob(request);
    await executor.cancelRun(request, {}, 'gentle');
    expect(calls.map(({ event }) => event)).toEqual(['perf_bot_run', 'perf_bot_cancel']);
    const bindings = listAt(trigger, 'bindings') as { name: string; value: string }[];
    for (const { value } of bindings) {
      const path = /^\$\(body\.(.+)\)$/.exec(value)?.[1]?.split('.') ?? [];
      expect(at(calls[0]?.body, ...path)).toBeDefined();
    }
    expect(listAt(template, 'spec', 'params').map((one) => textAt(one, 'name'))).toEqual(
      bindings.map(({ name }) => name),
    );
    expect(textAt(template, 'spec', 'resourcetemplates', 0, 'metadata', 'name')).toBe('$(tt.params.run)');
  });
});

test('Argo CD: the actions that the executor runs are the ones to be installed, and the role may run them', () => {
  const [config, project] = blocks(page('argo-cd.md'), 'yaml').map((one): unknown => parse(one));
  const actions = Object.entries(at(config, 'data') as Record<string, string>).map(([key, text]) => {
    const definition: unknown = at(parse(text), 'definitions', 0);
    return {
      kind: key.split('_').at(-1),
      name: textAt(definition, 'name'),
      lua: textAt(definition, 'action.lua') ?? '',
    };
  });
  expect(actions.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
    'WorkflowTemplate/perf-bot-run',
    'Workflow/perf-bot-stop',
  ]);
  expect(actions[0]?.lua).toContain('labels = {["perf-bot/run"] = key}');
  const source = readFileSync(
    new URL('../../../lib/perflab/argo-cd/argo-cd-api.ts', import.meta.url),
    'utf8',
  );
  for (const { kind, name } of actions) {
    expect(source).toContain(`'${name}'`);
    expect(listAt(project, 'spec', 'roles', 0, 'policies').join('\n')).toContain(
      `action/argoproj.io/${kind}/${name}, perf/lab, allow`,
    );
  }
});

describe('Horreum', () => {
  const labels = listAt(horreum('schema.json'), 'labels').map((label) => ({
    name: textAt(label, 'name') ?? '',
    path: textAt(label, 'extractors', 0, 'jsonpath')?.replace(/^\$\./, '').split('.') ?? [],
  }));
  const names = labels.map(({ name }) => name);
  const variables = listAt(horreum('test.json'), 'variables');

  test('the schema has the labels that find a run, and each finds its value in the result that the jobs upload', () => {
    expect(names).toEqual(
      expect.arrayContaining(['pb.run_key', 'pb.repo_full_name', 'pb.pull_request_number', 'pb.job_id']),
    );
    const sample: unknown = JSON.parse(blocks(page('horreum.md'), 'json')[0] ?? '');
    expect(textAt(sample, '$schema')).toBe(textAt(horreum('schema.json'), 'uri'));
    for (const { path } of labels) expect(at(sample, ...path)).toBeDefined();
    const written = Object.keys(at(sample, 'state') as object).sort();
    for (const name of ['jenkins.md', 'argo-workflows.md', 'github-actions.md']) {
      const state = /'\.state = \{(.*)\}'/.exec(page(name))?.[1] ?? '';
      expect([...state.matchAll(/(\w+): \$/g)].map((match) => match[1]).sort()).toEqual(written);
    }
  });

  test('variables, view and profile name only what is there', () => {
    for (const variable of variables)
      expect(names).toEqual(expect.arrayContaining([...listAt(variable, 'labels')]));
    for (const component of listAt(horreum('view.json'), 'components')) {
      expect(names).toEqual(expect.arrayContaining([...listAt(component, 'labels')]));
    }
    const profile = horreum('experiment-profile.json');
    for (const key of ['selectorLabels', 'baselineLabels', 'extraLabels']) {
      expect(names).toEqual(expect.arrayContaining([...listAt(profile, key)]));
    }
    const compared = listAt(profile, 'comparisons').map((comparison) => textAt(comparison, 'variableName'));
    expect(compared).toEqual(variables.map((variable) => textAt(variable, 'name')));
  });

  test('every comparison has all three keys, without any of which Horreum fails after each upload', () => {
    for (const comparison of listAt(horreum('experiment-profile.json'), 'comparisons')) {
      expect(Object.keys(at(comparison, 'config') as object).sort()).toEqual([
        'greaterBetter',
        'maxBaselineDatasets',
        'threshold',
      ]);
    }
  });

  test('the profile tells pull requests from baselines', () => {
    const profile = horreum('experiment-profile.json');
    const asFunction = (key: string) => (value: unknown) =>
      runInNewContext(`(${textAt(profile, key)})(value)`, { value }) as boolean;
    expect(['7', '', null].map(asFunction('selectorFilter'))).toEqual([true, false, false]);
    expect(['7', '', null].map(asFunction('baselineFilter'))).toEqual([false, true, true]);
  });

  test('the action is the event that says that labels are ready', () => {
    expect(horreum('action.json')).toMatchObject({
      event: 'dataset_labels/computed',
      type: 'http',
      active: true,
      runAlways: false,
    });
  });
});
