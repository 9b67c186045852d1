/** The stack as CloudFormation would get it, made from placeholder bundles, and ways to read it by the bot's own names. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { App, type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { FUNCTION_NAMES, type FunctionName, OPTIONAL_FUNCTION_NAMES } from '../../../infra/aws/functions.ts';
import { PerfBotStack } from '../../../infra/aws/perf-bot-stack.ts';

export interface Resource {
  Type: string;
  Properties: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- CloudFormation has no types
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Condition?: string;
}

export interface Statement {
  effect: 'Allow' | 'Deny';
  actions: string[];
  /** A resource's short name, or the text of its ARN. */
  resources: string[];
}

const ROOT = join(import.meta.dirname, '..', '..', '..');
export const CDK_JSON = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as {
  readonly requireApproval?: string;
  readonly context: Readonly<Record<string, unknown>>;
};

/** Synthesizes under cdk.json's own flags and with cdk-nag, either of which throws where it finds a fault. */
export function synthesize(context: Record<string, string> = {}) {
  const app = scratchApp({ ...CDK_JSON.context, ...context });
  const stack = new PerfBotStack(app, 'PerfBot', { bundleDir: placeholderBundles(), stackName: 'perf-bot' });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const template = Template.fromStack(stack);
  const resources = (template.toJSON() as { Resources: Record<string, Resource> }).Resources;
  return { app, stack, template, resources, ...reader(stack, resources) };
}

function reader(stack: PerfBotStack, resources: Record<string, Resource>) {
  const { functions, queues, deadLetters, runTable, secrets } = stack.bot;
  const idOf = (construct: IConstruct) =>
    Stack.of(construct).getLogicalId(construct.node.defaultChild as CfnElement);
  const names = new Map<string, string>([
    [idOf(queues.commands), 'commands'],
    [idOf(queues.runs), 'runs'],
    [idOf(deadLetters), 'dead letters'],
    [idOf(runTable.table), 'table'],
    [idOf(secrets.byName['github-app']), 'github-app'],
    [idOf(secrets.byName.webhook), 'webhook'],
    ...FUNCTION_NAMES.map((name): [string, string] => [idOf(functions[name].lambda), name]),
    ...FUNCTION_NAMES.map((name): [string, string] => [idOf(functions[name].lambda.logGroup), `${name} log`]),
  ]);

  /** `{ Ref }`, `Fn::GetAtt` and `Fn::Join` as text, with short names in place of logical ids. */
  const show = (value: unknown): string => {
    if (typeof value === 'string') return value;
    const [[kind, argument]] = Object.entries(value as object) as [[string, unknown]];
    if (kind === 'Ref') return names.get(argument as string) ?? `<${argument as string}>`;
    if (kind === 'Fn::GetAtt') return show({ Ref: (argument as string[])[0] });
    if (kind === 'Fn::Join') return (argument as [string, unknown[]])[1].map(show).join('');
    return JSON.stringify(value);
  };
  const resource = (construct: IConstruct): Resource => resources[idOf(construct)] as Resource;
  const lambdaOf = (name: FunctionName): Resource => resource(functions[name].lambda);
  const ofType = (type: string): Resource[] => Object.values(resources).filter((each) => each.Type === type);

  /** All that the function's role is granted, in whichever policy. */
  const statementsOf = (name: FunctionName): Statement[] => {
    const roleId = (lambdaOf(name).Properties.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0] as string;
    return ofType('AWS::IAM::Policy')
      .filter(({ Properties: { Roles } }) => (Roles as { Ref: string }[]).some(({ Ref }) => Ref === roleId))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Record<string, string>[])
      .map(({ Effect, Action, Resource }) => ({
        effect: Effect as Statement['effect'],
        actions: [Action].flat() as string[],
        resources: [Resource].flat().map(show),
      }));
  };
  const mappings = () =>
    ofType('AWS::Lambda::EventSourceMapping').map(({ Properties }) => ({
      worker: show(Properties.FunctionName) as FunctionName,
      queue: show(Properties.EventSourceArn),
      ...(Properties as {
        BatchSize: number;
        FunctionResponseTypes: string[];
        ScalingConfig: { MaximumConcurrency: unknown };
      }),
    }));
  return { show, resource, lambdaOf, ofType, statementsOf, mappings };
}

const scratch = mkdtempSync(join(tmpdir(), 'perf-bot-synth-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** An app that leaves nothing behind on the disk. */
export const scratchApp = (context: Record<string, unknown> = {}) =>
  new App({ context, outdir: mkdtempSync(join(scratch, 'out-')) });

export function placeholderBundles(): string {
  const dir = join(scratch, 'bundles');
  for (const name of [...FUNCTION_NAMES, ...OPTIONAL_FUNCTION_NAMES]) {
    mkdirSync(join(dir, name), { recursive: true });
    writeFileSync(join(dir, name, 'index.cjs'), `exports.handler = async () => '${name}';\n`);
  }
  return dir;
}
