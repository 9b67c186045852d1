/** A declarative Jenkinsfile as Jenkins runs it: stage after stage, `sh` steps with parameters and bound credentials as environment variables, `post` always. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JenkinsParameter } from '../../../infra/local/jenkins/jenkins-jobs.ts';
import type { LabJobBody, LabRun } from '../../../infra/local/stand-in/lab-run.ts';
import type { LabMachine } from './lab-machine.ts';

interface ShellStep {
  readonly stage: string;
  readonly script: string;
  /** Variable → id of the credential. */
  readonly credentials: Readonly<Record<string, string>>;
}

const TOKENS =
  /stage\('(?<stage>[^']+)'\)|string\(credentialsId: '(?<id>[^']+)', variable: '(?<variable>\w+)'\)|\bsh '''(?<script>[\s\S]*?)'''|^ {2}(?<post>post) \{/gm;
const PARAMETER = /string\(name: '(\w+)', defaultValue: '([^']*)'/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  n: '\n',
  t: '\t',
  $: '$',
};

export function declaredParameters(jenkinsfile: string): JenkinsParameter[] {
  return [...jenkinsfile.matchAll(PARAMETER)].map(([, name = '', defaultValue = '']) => ({
    name,
    defaultValue,
  }));
}

export function jenkinsfileJob(
  jenkinsfile: string,
  machine: LabMachine,
  credentials: () => Readonly<Record<string, string>>,
): LabJobBody {
  const steps = readSteps(jenkinsfile);
  const always = steps.filter(({ stage }) => stage === 'post');
  return async (run) => {
    const folder = await machine.newWorkspace();
    try {
      for (const step of steps)
        if (step.stage !== 'post') await runStep(machine, folder, run, step, credentials(), run.signal);
      return 'succeeded';
    } finally {
      for (const step of always) await runStep(machine, folder, run, step, credentials());
    }
  };
}

async function runStep(
  machine: LabMachine,
  folder: string,
  run: LabRun,
  step: ShellStep,
  known: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  run.stage(step.stage);
  const bound: Record<string, string> = {};
  for (const [variable, id] of Object.entries(step.credentials)) {
    const secret = known[id];
    if (secret === undefined) throw new Error(`Could not find credentials entry with ID '${id}'`);
    bound[variable] = secret;
  }
  const masked = (line: string) =>
    Object.values(bound).reduce((text, secret) => text.replaceAll(secret, '****'), line);
  const file = join(folder, 'script.sh');
  await writeFile(file, step.script);
  await machine.run(['sh', '-xe', file], {
    folder,
    env: { ...run.parameters, ...bound, BUILD_NUMBER: run.id, BUILD_URL: run.url },
    log: (line) => run.log(masked(line)),
    ...(signal ? { signal } : {}),
  });
}

function readSteps(jenkinsfile: string): ShellStep[] {
  const steps: ShellStep[] = [];
  let stage = '';
  let credentials: Record<string, string> = {};
  for (const { groups = {} } of jenkinsfile.matchAll(TOKENS)) {
    if (groups['stage'] ?? groups['post']) stage = groups['stage'] ?? 'post';
    if (groups['variable'] && groups['id']) credentials = { [groups['variable']]: groups['id'] };
    if (groups['script'] === undefined) continue;
    steps.push({ stage, script: readGroovyString(groups['script']), credentials });
    credentials = {};
  }
  return steps;
}

/** Between three single quotes Groovy reads escapes, and nothing else; others than these don't compile. */
function readGroovyString(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, letter: string) => {
    const meant = ESCAPES[letter];
    if (meant === undefined) throw new Error(`Groovy does not compile ${whole}`);
    return meant;
  });
}
