/** Reads the project file: the original's `repo-config.json` loads unchanged, everything beyond it is optional, unknown keys are refused. */
import * as z from 'zod';
import { own } from '../../json.ts';
import { PLATFORMS } from '../../perflab/job-executor.ts';
import { LAB_SETTINGS } from '../../perflab/lab-settings.ts';
import { problemWith } from './job-parameters.ts';
import {
  accessFields,
  jobSchema,
  LEADS_ELSEWHERE,
  nameSchema,
  staysInPlace,
  type JobDef,
} from './job-schema.ts';

/** Addresses are shown and linked, so they must not contain credentials. */
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .refine(holdsNoLogin, 'must not contain a user or a password')
  .transform((url) => url.replace(/\/+$/, ''));

const lab = z.strictObject({
  platform: z.enum(PLATFORMS),
  url: httpUrl.optional(),
  user: z.string().max(200).optional(),
  /** Moved to the secret store when the file is applied. */
  apiKey: z.string().min(1).max(10_000).optional(),
  /** PEM; moved to the secret store. */
  caCertificates: z.string().min(1).max(100_000).optional(),
  settings: z.record(z.string(), z.string().max(500)).optional(),
});

export const projectFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    id: z.string().max(200).optional(),
    repoFullName: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, 'must be owner/repository')
      .refine(staysInPlace, LEADS_ELSEWHERE),
    repositoryUrl: z.string().max(500).optional(),
    description: z.string().max(1000).optional(),
    ...accessFields,
    /** Who may use commands that only read: everybody (the default) or the people who may run jobs. */
    readOnlyCommands: z.enum(['anyone', 'authorized']).optional(),
    datastoreUrl: httpUrl.optional(),
    datastoreApiKey: z.string().min(1).max(10_000).optional(),
    datastoreCaCertificates: z.string().min(1).max(100_000).optional(),
    jobPlatformUrl: httpUrl.optional(),
    jobPlatformUser: z.string().max(200).optional(),
    jobPlatformApiKey: z.string().min(1).max(10_000).optional(),
    labs: z.record(nameSchema, lab).optional(),
    quotas: z
      .strictObject({
        runsPerPersonPerDay: z.int().positive().optional(),
        runsAtATime: z.int().positive().optional(),
        /** Bots may run jobs only with a quota of their own. */
        runsPerBotPerDay: z.int().min(0).optional(),
      })
      .optional(),
    check: z
      .strictObject({
        /** A pull request that no automatic rule applies to gets a completed check that says so. */
        completeWhenNothingApplies: z.boolean().optional(),
        failOnCannotTell: z.boolean().optional(),
        failOnMissingResults: z.boolean().optional(),
      })
      .optional(),
    cancelOnClose: z.boolean().optional(),
    jobs: z.record(z.string().regex(/^\S{1,100}$/, 'must be a job name without spaces'), jobSchema),
  })
  .superRefine((project, context) => {
    if (Object.keys(project.jobs).length === 0) {
      context.addIssue({ code: 'custom', path: ['jobs'], message: 'must contain at least one job' });
    }
    for (const [jobId, definition] of Object.entries(project.jobs)) {
      for (const message of settingFaults(project, definition)) {
        context.addIssue({ code: 'custom', path: ['jobs', jobId, 'platformSettings'], message });
      }
      for (const { path, message } of ruleFaults(definition)) {
        context.addIssue({ code: 'custom', path: ['jobs', jobId, 'automatic', ...path], message });
      }
      if (definition.lab !== undefined && !Object.hasOwn(project.labs ?? {}, definition.lab)) {
        context.addIssue({
          code: 'custom',
          path: ['jobs', jobId, 'lab'],
          message: `there is no lab ${definition.lab} in this file`,
        });
      }
    }
  });

/** Platform settings of a job that are unknown, missing, or have a value that is not allowed. */
function settingFaults(
  project: { readonly labs?: Record<string, z.infer<typeof lab>> | undefined },
  definition: JobDef,
): string[] {
  const ownLab = definition.lab === undefined ? undefined : project.labs?.[definition.lab];
  const platform = ownLab?.platform ?? definition.platform ?? 'jenkins';
  const given: Record<string, string> = { ...ownLab?.settings, ...definition.platformSettings };
  const known = LAB_SETTINGS[platform];
  return [
    ...Object.keys(given)
      .filter((name) => !known.some((setting) => setting.name === name))
      .map((name) => `${platform} has no setting ${name}`),
    ...Object.entries(given)
      .filter(([, value]) => !staysInPlace(value))
      .map(([name]) => `${name} ${LEADS_ELSEWHERE}`),
    ...known
      .filter(({ name, required }) => required && given[name] === undefined)
      .map(({ name, description }) => `${platform} needs the setting ${name}: ${description}`),
    ...known.flatMap(({ name, values }) => {
      const value = given[name];
      return value !== undefined && values && !values.includes(value)
        ? [`${name} must be one of ${values.join(', ')}`]
        : [];
    }),
  ];
}

/** Automatic rules that could never apply, or that would ask for something a person would be refused. */
function ruleFaults(definition: JobDef): { path: (string | number)[]; message: string }[] {
  const declared = definition.configurableParams ?? {};
  return (definition.automatic ?? []).flatMap((rule, index) => [
    ...(rule.on === 'label' && !rule.label
      ? [{ path: [index, 'label'], message: 'a rule on a label must name the label' }]
      : []),
    ...(rule.on === 'push' && !rule.branches?.length
      ? [{ path: [index, 'branches'], message: 'a rule on a push must name its branches' }]
      : []),
    ...Object.entries(rule.parameters ?? {}).flatMap(([name, value]) => {
      const param = own(declared, name);
      const message = param ? problemWith(value, param) : 'is not a configurable parameter of this job';
      return message === undefined ? [] : [{ path: [index, 'parameters', name], message }];
    }),
  ]);
}

/** Text that is not a URL at all has been reported already. */
function holdsNoLogin(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

/** A project file as it is on disk, secrets included. */
export type ProjectFile = z.infer<typeof projectFileSchema>;
