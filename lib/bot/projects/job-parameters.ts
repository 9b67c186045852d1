/** A job's parameters: which values are allowed, and exactly what the lab gets. */
import { Script } from 'node:vm';
import { own } from '../../json.ts';
import { UserError } from '../record/errors.ts';
import { code, holdsUnseen } from '../text/markdown.ts';
import { didYouMean } from '../text/nearest.ts';
import { keySetByBot, withoutBotsOwn } from './bots-parameters.ts';
import type { JobDef, Param } from './job-schema.ts';

export interface MeasuredCommit {
  readonly repoFullName: string;
  readonly pullRequestNumber: number | undefined;
  readonly headSha: string;
}

/** Throws UserError for whatever is not allowed: nothing is dropped silently. */
export function jobParameters(
  job: JobDef,
  given: Readonly<Record<string, string>>,
  measured: MeasuredCommit,
): Record<string, string> {
  for (const [key, value] of Object.entries(given)) checkGiven(job, key, value);
  const configured = withoutBotsOwn(job, job.configurableParams ?? {}).flatMap(([key, param]) => {
    const value = Object.hasOwn(given, key) ? given[key] : param.default;
    return value === undefined ? [] : [[param.name, value] as const];
  });
  return { ...Object.fromEntries(configured), ...mapped(job, measured) };
}

function mapped(
  { pullRequestNumberParam, repoFullNameParam, repoCommitParam }: JobDef,
  { repoFullName, pullRequestNumber, headSha }: MeasuredCommit,
): Record<string, string> {
  return {
    ...(pullRequestNumberParam && pullRequestNumber !== undefined
      ? { [pullRequestNumberParam]: String(pullRequestNumber) }
      : {}),
    ...(repoFullNameParam ? { [repoFullNameParam]: repoFullName } : {}),
    ...(repoCommitParam ? { [repoCommitParam]: headSha } : {}),
  };
}

function checkGiven(job: JobDef, key: string, value: string): void {
  const meaning = keySetByBot(job, key);
  if (meaning !== undefined)
    throw new UserError(
      `### ❓ ${code(`${key}=`, 60)} cannot be given\nPerf Bot sets ${meaning} itself, so that a run measures what its check stands on. Leave it out.`,
    );
  const declared = job.configurableParams ?? {};
  const param = own(declared, key);
  if (!param) {
    const names = withoutBotsOwn(job, declared).map(([name]) => name);
    const known =
      names.length === 0
        ? 'It takes no parameters.'
        : `${didYouMean(key, names)}Parameters: ${names.map((name) => code(name)).join(' · ')}`;
    throw new UserError(`### ❓ This job has no parameter ${code(key, 60)}\n${known}`);
  }
  const problem = problemWith(value, param);
  if (problem !== undefined)
    throw new UserError(`### ❓ ${code(`${key}=${value}`, 80)} is not allowed\n${problem}`);
}

/** Whether a run could be started with what was given. */
export function allowsParameters(job: JobDef, given: Readonly<Record<string, string>>): boolean {
  return Object.entries(given).every(([key, value]) => {
    const param = own(job.configurableParams ?? {}, key);
    return (
      param !== undefined && keySetByBot(job, key) === undefined && problemWith(value, param) === undefined
    );
  });
}

const MAX_VALUE_CHARS = 2_000;

/** Markdown: why a value is not allowed; undefined if it is. */
export function problemWith(value: string, { values, pattern }: Param): string | undefined {
  if (value.length > MAX_VALUE_CHARS) return `A value can have at most ${MAX_VALUE_CHARS} characters.`;

  if (holdsUnseen(value)) return 'A value cannot contain control characters, nor others that nobody sees.';
  if (values && !values.includes(value))
    return `${didYouMean(value, values)}Allowed values: ${values.map((allowed) => code(allowed)).join(' · ')}`;
  if (pattern === undefined) return undefined;
  const matches = matchesPattern(pattern, value);
  if (matches === undefined)
    return `Matching it against ${code(pattern)} takes too long: the pattern can match in too many ways. Ask a maintainer to simplify it.`;
  return matches ? undefined : `It must match ${code(pattern)}.`;
}

/** Far more than any sensible pattern takes, even on a busy machine. Some expressions never end for some texts. */
const MATCH_TIMEOUT_MS = 1_000;
/** Only in a script does a time-out reach into a match. https://nodejs.org/api/vm.html#scriptrunincontextcontextifiedobject-options */
const match = new Script('new RegExp(`^(?:${pattern})$`, "u").test(value)');

/** The whole value has to match; undefined if the time runs out first. */
function matchesPattern(pattern: string, value: string): boolean | undefined {
  try {
    return match.runInNewContext({ pattern, value }, { timeout: MATCH_TIMEOUT_MS }) as boolean;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
