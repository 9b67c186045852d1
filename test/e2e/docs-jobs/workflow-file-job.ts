/** A workflow file as GitHub Actions runs it: inputs and secrets put into the environment, the steps of its one job, `if: always()`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ActionsWorkflow } from '../../../infra/local/github-actions/actions-state.ts';
import type { LabJobBody } from '../../../infra/local/stand-in/lab-run.ts';
import { at, listAt, textAt } from '../../../lib/json.ts';
import type { LabMachine } from './lab-machine.ts';

type Values = Readonly<Record<string, string>>;

export interface FileJob {
  readonly file: Pick<ActionsWorkflow, 'inputs' | 'title' | 'text'>;
  readonly body: LabJobBody;
}

export function workflowFileJob(text: string, machine: LabMachine, secrets: () => Values): FileJob {
  const workflow: unknown = parse(text);
  const inputs = Object.entries(at(workflow, 'on', 'workflow_dispatch', 'inputs') as object);
  const defaults = Object.fromEntries(inputs.map(([name, input]) => [name, textAt(input, 'default') ?? '']));
  const [job] = Object.values(at(workflow, 'jobs') as object) as unknown[];

  const body: LabJobBody = async (run) => {
    const folder = await machine.newWorkspace();
    const contexts = { inputs: { ...defaults, ...run.parameters }, secrets: secrets() };
    const variables = (of: unknown) => evaluateAll((at(of, 'env') ?? {}) as Values, contexts);
    let failure: Error | undefined;
    for (const step of listAt(job, 'steps')) {
      const isAlways = textAt(step, 'if') === 'always()';
      if (failure !== undefined && !isAlways) continue;
      run.stage(textAt(step, 'name') ?? 'run');
      const file = join(folder, 'step.sh');
      await writeFile(file, textAt(step, 'run') ?? '');
      const env = { ...variables(job), ...variables(step) };
      const signal = isAlways ? {} : { signal: run.signal };
      // GitHub's default is `bash -e`, and `sh -e` where there is no bash: the steps must do with either.
      await machine
        .run(['sh', '-e', file], { folder, env, log: run.log, ...signal })
        .catch((error: unknown) => {
          failure ??= error as Error;
        });
    }
    if (failure !== undefined) throw failure;
    return 'succeeded';
  };

  return {
    file: {
      text,
      inputs: inputs.map(([name, input]) => ({ name, required: at(input, 'required') === true })),
      title: (given) => evaluate(textAt(workflow, 'run-name') ?? '', { inputs: given }),
    },
    body,
  };
}

function evaluateAll(values: Values, contexts: Readonly<Record<string, Values>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, evaluate(String(value), contexts)]),
  );
}

/** What a context does not know is the empty text. */
function evaluate(text: string, contexts: Readonly<Record<string, Values>>): string {
  return text.replace(
    /\$\{\{ (\w+)\.(\w+) \}\}/g,
    (_, context: string, name: string) => contexts[context]?.[name] ?? '',
  );
}
