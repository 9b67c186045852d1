/** A WorkflowTemplate as Argo runs it: the steps' containers one after the other on a shared volume, and the exit handler. */
import { parse } from 'yaml';
import type { WorkflowTemplate } from '../../../infra/local/argo-workflows/workflow.ts';
import type { LabJobBody } from '../../../infra/local/stand-in/lab-run.ts';
import { at, listAt, textAt } from '../../../lib/json.ts';
import type { LabMachine, ScriptContext } from './lab-machine.ts';

export interface TemplateJob {
  readonly template: Pick<WorkflowTemplate, 'parameters' | 'onExit'>;
  readonly body: LabJobBody;
}

type Parameters = Readonly<Record<string, string>>;

/** Folders of the containers: the shared volume, and what the image brings. */
const MOUNTS = /(^|[\s>])\/(?:scratch|opt)\b/g;

/** `secrets`: by `name/key`, as they lie in the namespace. */
export function workflowTemplateJob(
  text: string,
  machine: LabMachine,
  secrets: () => Readonly<Record<string, string>>,
): TemplateJob {
  const spec: unknown = at(parse(text), 'spec');
  const templates = listAt(spec, 'templates');
  const named = (name: string) => templates.find((one) => textAt(one, 'name') === name);

  async function runTemplate(name: string, parameters: Parameters, context: Omit<ScriptContext, 'env'>) {
    const template = named(name);
    for (const step of listAt(template, 'steps').flat())
      await runTemplate(textAt(step, 'template') ?? '', parameters, context);
    const container: unknown = at(template, 'container');
    if (container === undefined) return;
    const command = [...listAt(container, 'command'), ...listAt(container, 'args')].map((word) =>
      String(word)
        .replace(/@\/scratch/g, `@${context.folder}`)
        .replace(MOUNTS, `$1${context.folder}`),
    );
    await machine.run(command, { ...context, env: environmentOf(container, parameters) });
  }

  function environmentOf(container: unknown, parameters: Parameters): Record<string, string> {
    return Object.fromEntries(
      listAt(container, 'env').map((one) => {
        const key = `${textAt(one, 'valueFrom', 'secretKeyRef', 'name')}/${textAt(one, 'valueFrom', 'secretKeyRef', 'key')}`;
        const value = textAt(one, 'value')?.replace(
          /\{\{workflow\.parameters\.(\w+)\}\}/g,
          (whole, parameter: string) => parameters[parameter] ?? whole, // Argo leaves what it does not know
        );
        const found = value ?? secrets()[key];
        if (found === undefined) throw new Error(`secret "${key}" not found`);
        return [textAt(one, 'name') ?? '', found] as const;
      }),
    );
  }

  return {
    template: {
      parameters: listAt(spec, 'arguments', 'parameters') as { name: string; value?: string }[],
      onExit: async ({ parameters }) => {
        const folder = await machine.newWorkspace();
        await runTemplate(textAt(spec, 'onExit') ?? '', parameters, { folder, log: () => undefined });
      },
    },
    body: async ({ parameters, log, stage, signal }) => {
      stage('measure');
      const folder = await machine.newWorkspace();
      await runTemplate(textAt(spec, 'entrypoint') ?? '', parameters, { folder, log, signal });
      return 'succeeded';
    },
  };
}
