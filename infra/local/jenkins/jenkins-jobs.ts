/** Describes the jobs of a stand-in for Jenkins, and reads the parameters of a form as Jenkins does. */
import type { LabJobBody } from '../stand-in/lab-run.ts';

export interface JenkinsParameter {
  readonly name: string;
  readonly type?: 'string' | 'text' | 'boolean' | 'choice' | 'password';
  readonly defaultValue?: string;
  /** The first is the default. */
  readonly choices?: readonly string[];
  /** A string parameter with "Trim the string" set. */
  readonly trim?: boolean;
}

export interface JenkinsJob {
  /** Full name with its folders: `perf/getting-started`; a multibranch branch keeps its `%2F`. */
  readonly name: string;
  /** Empty or absent: the job is not parameterized. */
  readonly parameters?: readonly JenkinsParameter[];
  /** What it does; without it a build waits `estimatedDurationMs` and succeeds. */
  readonly run?: LabJobBody;
  /** False: the job is disabled. */
  readonly buildable?: boolean;
  /** Several builds of it at once. */
  readonly concurrent?: boolean;
  /** A freestyle job has no `term` and no `kill`. */
  readonly freestyle?: boolean;
  /** A pipeline that hangs on `stop` and needs `term` or `kill`. */
  readonly ignoresStop?: boolean;
  /** A pipeline that sets its result while it still builds (`currentBuild.result = …`). */
  readonly earlyResult?: 'SUCCESS' | 'UNSTABLE' | 'FAILURE';
  /** Jenkins' guess, from earlier builds; -1 when there were none. */
  readonly estimatedDurationMs?: number;
}

export type BuildParameter = {
  readonly name: string;
  readonly value: string | boolean;
  readonly secret: boolean;
};

/** The build's parameters: those declared, with their defaults; what is not declared is dropped without a word. */
export function readParameters(
  job: JenkinsJob,
  form: URLSearchParams,
):
  | { readonly ok: true; readonly parameters: BuildParameter[] }
  | { readonly ok: false; readonly message: string } {
  const parameters: BuildParameter[] = [];
  for (const declared of job.parameters ?? []) {
    const sent = form.getAll(declared.name);
    if (sent.length > 1) {
      return {
        ok: false,
        message: `Illegal number of parameter values for ${declared.name}: ${sent.length}`,
      };
    }
    const text = sent[0] ?? declared.choices?.[0] ?? declared.defaultValue ?? '';
    if (declared.choices && !declared.choices.includes(text)) {
      return { ok: false, message: `Illegal choice for parameter ${declared.name}: ${text}` };
    }
    const value = declared.type === 'boolean' ? text === 'true' : declared.trim ? text.trim() : text;
    parameters.push({ name: declared.name, value, secret: declared.type === 'password' });
  }
  return { ok: true, parameters };
}

/** What `api/json` shows of a job's parameter definitions. */
export function exportDefinitions(job: JenkinsJob): unknown[] {
  const className = {
    string: 'String',
    text: 'Text',
    boolean: 'Boolean',
    choice: 'Choice',
    password: 'Password',
  };
  return (job.parameters ?? []).map(({ name, type, choices, defaultValue }) => {
    const kind = className[choices ? 'choice' : (type ?? 'string')];
    return {
      _class: `hudson.model.${kind}ParameterDefinition`,
      defaultParameterValue: {
        _class: `hudson.model.${kind}ParameterValue`,
        name,
        value: defaultValue ?? choices?.[0] ?? '',
      },
      name,
      type: `${kind}ParameterDefinition`,
      ...(choices ? { choices } : {}),
    };
  });
}

/** `actions` as Jenkins exports them: empty objects and foreign classes among them, secret values left out. */
export function exportActions(parameters: readonly BuildParameter[] | undefined): unknown[] {
  const cause = {
    _class: 'hudson.model.CauseAction',
    causes: [{ shortDescription: 'Started by user perf-bot' }],
  };
  if (!parameters) return [{}, cause];
  const shown = parameters.map(({ name, value, secret }) => (secret ? { name } : { name, value }));
  return [{}, { _class: 'hudson.model.ParametersAction', parameters: shown }, cause, {}];
}

/** `perf/getting-started` → `job/perf/job/getting-started`. */
export function jobPath(name: string): string {
  return name
    .split('/')
    .map((part) => `job/${encodeURIComponent(part)}`)
    .join('/');
}

/** `a/b/job` lies below `/job/a` and `/job/a/job/b`. */
export function foldersAbove(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, index) => `/${jobPath(parts.slice(0, index + 1).join('/'))}`);
}
