/** The parameters that a run was measured with: which of them matter, and what an upload says of its own. */
import { RUN_PARAMETER } from '../../perflab/job-executor.ts';
import { isObject } from '../../json.ts';
import type { JobDef } from '../projects/project-config.ts';
import type { Labels } from './main-history.ts';

/** By the name that the lab knows. */
export type Parameters = Readonly<Record<string, string>>;

/** A label of several extractors, one for each parameter, is an object. */
export const PARAMETERS_LABEL = 'pb.parameters';

/** A name that says which code was measured, not how. */
const NAMES_CODE = /(?:^|[_.-])(?:commit|sha|revision|branch|ref|tag)(?:$|[_.-])/i;
const MOST_CHARACTERS = 200;

/** Those of the job's configuration, else all that do not only say what was measured and for whom. */
export function parametersThatMatter(
  job: JobDef,
  { parameters, headSha }: { readonly parameters: Parameters; readonly headSha: string },
): Parameters {
  const wanted = job.history?.parameters?.map((name) => job.configurableParams?.[name]?.name ?? name);
  const identity = [RUN_PARAMETER, job.pullRequestNumberParam, job.repoFullNameParam, job.repoCommitParam];
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name, value]) =>
        wanted
          ? wanted.includes(name)
          : !identity.includes(name) && !NAMES_CODE.test(name) && value !== headSha,
      )
      .map(([name, value]) => [name, value.slice(0, MOST_CHARACTERS)]),
  );
}

/** Those to which somebody gave another value than the job's default. */
export function chosenParameters(
  job: JobDef,
  run: { readonly parameters: Parameters; readonly headSha: string; readonly arguments: Parameters },
): string[] {
  const matter = parametersThatMatter(job, run);
  return Object.keys(run.arguments).flatMap((key) => {
    const declared = job.configurableParams?.[key];
    const name = declared?.name ?? key;
    return Object.hasOwn(matter, name) && matter[name] !== declared?.default
      ? [`${name}=${matter[name]}`]
      : [];
  });
}

/** What the upload itself says; empty where it does not. */
export function parametersIn(datasets: readonly Labels[]): Parameters {
  const said = datasets.flatMap((labels) => {
    const value = Object.hasOwn(labels, PARAMETERS_LABEL) ? labels[PARAMETERS_LABEL] : undefined;
    return isObject(value) ? Object.entries(value) : [];
  });
  return Object.fromEntries(
    said.flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, String(value).slice(0, MOST_CHARACTERS)]]
        : [],
    ),
  );
}
