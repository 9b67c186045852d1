/** From a job's definition and what the commenter gave to exactly what the lab gets; anything not allowed is refused, never dropped. */
import { nearest } from '../text/nearest.ts';
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import { matchesPattern } from './matches-pattern.ts';
import type { JobDef, Param } from './project-config.ts';
import { own } from '../../json.ts';

const MAX_VALUE_CHARS = 2_000;

export interface Measured {
  readonly repoFullName: string;
  readonly pullRequestNumber: number | undefined;
  readonly headSha: string;
}

/** Throws UserError with the nearest name and the allowed values. */
export function jobParameters(
  job: JobDef,
  given: Readonly<Record<string, string>>,
  measured: Measured,
): Record<string, string> {
  const declared = job.configurableParams ?? {};
  for (const [key, value] of Object.entries(given)) checkGiven(key, value, declared);
  const configured = Object.entries(declared).flatMap(([key, param]) => {
    const value = Object.hasOwn(given, key) ? given[key] : param.default;
    return value === undefined ? [] : [[param.name, value] as const];
  });
  return { ...mapped(job, measured), ...Object.fromEntries(configured) };
}

function mapped(job: JobDef, { repoFullName, pullRequestNumber, headSha }: Measured): Record<string, string> {
  return {
    ...(job.pullRequestNumberParam && pullRequestNumber !== undefined
      ? { [job.pullRequestNumberParam]: String(pullRequestNumber) }
      : {}),
    ...(job.repoFullNameParam ? { [job.repoFullNameParam]: repoFullName } : {}),
    ...(job.repoCommitParam ? { [job.repoCommitParam]: headSha } : {}),
  };
}

function checkGiven(key: string, value: string, declared: Readonly<Record<string, Param>>): void {
  const param = own(declared, key);
  if (!param) {
    const names = Object.keys(declared);
    const near = nearest(key, names);
    const known =
      names.length === 0
        ? 'This job takes no parameters.'
        : `Parameters: ${names.map((name) => code(name)).join(' · ')}`;
    throw new UserError(
      `### ❓ No parameter ${code(key, 60)} here${near === undefined ? '' : ` - did you mean ${code(near)}?`}\n${known}`,
    );
  }
  const problem = problemWith(value, param);
  if (problem !== undefined)
    throw new UserError(`### ❓ ${code(`${key}=${value}`, 80)} is not allowed\n${problem}`);
}

/** Whether a run could be started with what was given. */
export function allowsParameters(job: JobDef, given: Readonly<Record<string, string>>): boolean {
  const declared = job.configurableParams ?? {};
  return Object.entries(given).every(([key, value]) => {
    const param = own(declared, key);
    return param !== undefined && problemWith(value, param) === undefined;
  });
}

/** Markdown: why a value is not allowed; undefined if it is. */
export function problemWith(value: string, param: Param): string | undefined {
  if (value.length > MAX_VALUE_CHARS) return `A value may have at most ${MAX_VALUE_CHARS} characters.`;

  if (/[\u0000-\u001f\u007f]/.test(value)) return 'A value may not hold control characters.';
  if (param.values && !param.values.includes(value)) {
    const near = nearest(value, param.values);
    return `Allowed: ${param.values.map((allowed) => code(allowed)).join(' · ')}${near === undefined ? '' : ` - did you mean ${code(near)}?`}`;
  }
  if (param.pattern === undefined) return undefined;
  const matches = matchesPattern(param.pattern, value);
  if (matches === undefined)
    return `Comparing it with ${code(param.pattern)} takes too long: that pattern can be matched in too many ways, and a maintainer should simplify it.`;
  return matches ? undefined : `It must match ${code(param.pattern)}.`;
}
