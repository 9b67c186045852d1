/** The project file: the original's `repo-config.json` loads unchanged; everything beyond it is optional. Unknown keys are refused. */
import * as z from 'zod';
import { PLATFORMS } from '../../perflab/job-executor.ts';
import { LAB_SETTINGS } from '../../perflab/lab-settings.ts';
import { problemWith } from './job-parameters.ts';

const name = z.string().trim().min(1).max(200);
/** What the original wrote as text ("10") may as well be a number. */
const id = z
  .union([
    z
      .string()
      .trim()
      .regex(/^[1-9]\d{0,9}$/, 'must be a positive whole number'),
    z.int().positive(),
  ])
  .transform(String);
const parameterName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/, 'must be a parameter name: letters, digits, _ . -');
const minutes = z.number().positive().max(10_080);
/** Addresses are shown and linked, so no credentials stand in them. */
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .refine(holdsNoLogin, 'must hold no user or password')
  .transform((url) => url.replace(/\/+$/, ''));
const login = z.string().trim().min(1).max(100);

export const PERMISSIONS = ['read', 'triage', 'write', 'maintain', 'admin'] as const;

const accessFields = {
  /** GitHub logins that may run. Where given (even empty), nobody else may, unless a team or permission is given too. */
  authorizedUsers: z.array(login).max(1000).optional(),
  /** `organization/team-slug`. */
  authorizedTeams: z
    .array(z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'must be organization/team-slug'))
    .max(100)
    .optional(),
  minimumPermission: z.enum(PERMISSIONS).optional(),
};

const param = z.strictObject({
  /** The parameter's name at the PerfLab. */
  name: parameterName,
  description: z.string().max(500).optional(),
  /** The whole value must match this regular expression. */
  pattern: z.string().max(500).refine(isRegExp, 'must be a regular expression').optional(),
  values: z.array(z.string().max(500)).min(1).max(200).optional(),
  default: z.string().max(2000).optional(),
});

const metric = z.strictObject({
  title: z.string().max(100).optional(),
  unit: z.string().max(30).optional(),
  direction: z.enum(['lower', 'higher']).optional(),
  /** Percent of change that is tolerated. */
  threshold: z.number().min(0).max(1000).optional(),
  /** gate: slower fails the check; warn: makes it neutral; info: is only shown. */
  policy: z.enum(['gate', 'warn', 'info']).optional(),
});

const history = z.strictObject({
  /** Label that holds the commit. */
  commitLabel: name.optional(),
  branchLabel: name.optional(),
  /** Labels that must be equal for two runs to be comparable: host, JDK… */
  environmentLabels: z.array(name).max(20).optional(),
  /** Which runs are main: the branch label (or, without one, the commit label) has this value. */
  mainValue: z.string().max(200).optional(),
  maxRuns: z.int().min(5).max(200).optional(),
});

const automatic = z.strictObject({
  on: z.enum(['label', 'opened', 'push']),
  /** For `label`: its name. */
  label: z.string().max(100).optional(),
  /** For `push`: branches (`*` within a part of the name, `**` across). */
  branches: z.array(z.string().max(200)).max(50).optional(),
  /** Runs only if a changed file matches one of these (`*` within a folder, `**` across). */
  paths: z.array(z.string().max(300)).max(100).optional(),
  parameters: z.record(z.string(), z.string().max(2000)).optional(),
  /** A newer push cancels the older automatic run. */
  cancelOlder: z.boolean().optional(),
});

const job = z.strictObject({
  name: z.string().max(200).optional(),
  platformJobId: name,
  pullRequestNumberParam: parameterName.nullish(),
  repoFullNameParam: parameterName.nullish(),
  repoCommitParam: parameterName.nullish(),
  datastoreConfig: z.strictObject({ testId: id, viewId: id.nullish() }).nullish(),
  configurableParams: z.record(parameterName, param).nullish(),
  platform: z.enum(PLATFORMS).optional(),
  /** The name of one of the project's labs. */
  lab: name.optional(),
  platformSettings: z.record(z.string(), z.string().max(500)).optional(),
  description: z.string().max(1000).optional(),
  timeoutMinutes: minutes.optional(),
  /** How long after the job's end its results may take to be readable. */
  resultsTimeoutMinutes: minutes.optional(),
  metrics: z.record(name, metric).optional(),
  history: history.optional(),
  access: z.strictObject(accessFields).optional(),
  /** `quiet`: a clean result is only a check run, no mention. */
  comment: z.enum(['full', 'quiet']).optional(),
  automatic: z.array(automatic).max(20).optional(),
  retryLabFaults: z.boolean().optional(),
});

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
    repoFullName: z.string().regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, 'must be owner/repository'),
    repositoryUrl: z.string().max(500).optional(),
    description: z.string().max(1000).optional(),
    ...accessFields,
    /** Who may use commands that only read: everybody (the default) or those who may run. */
    readOnlyCommands: z.enum(['anyone', 'authorized']).optional(),
    datastoreUrl: httpUrl.optional(),
    datastoreApiKey: z.string().min(1).max(10_000).optional(),
    datastoreCaCertificates: z.string().min(1).max(100_000).optional(),
    jobPlatformUrl: httpUrl.optional(),
    jobPlatformUser: z.string().max(200).optional(),
    jobPlatformApiKey: z.string().min(1).max(10_000).optional(),
    labs: z.record(name, lab).optional(),
    quotas: z
      .strictObject({
        runsPerPersonPerDay: z.int().positive().optional(),
        runsAtATime: z.int().positive().optional(),
        /** Bots may run only with a quota of their own. */
        runsPerBotPerDay: z.int().min(0).optional(),
      })
      .optional(),
    check: z
      .strictObject({
        /** Pull requests that no automatic rule applies to get a completed check that says so. */
        completeWhenNothingApplies: z.boolean().optional(),
        failOnCannotTell: z.boolean().optional(),
        failOnMissingResults: z.boolean().optional(),
      })
      .optional(),
    cancelOnClose: z.boolean().optional(),
    jobs: z.record(z.string().regex(/^\S{1,100}$/, 'must be a job name without spaces'), job),
  })
  .superRefine((project, context) => {
    if (Object.keys(project.jobs).length === 0) {
      context.addIssue({ code: 'custom', path: ['jobs'], message: 'must hold at least one job' });
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
          message: `names no lab of this file: ${definition.lab}`,
        });
      }
    }
  });

/** What is wrong with a job's settings for its platform: one that is unknown, missing, or has a value that is not allowed. */
function settingFaults(
  project: { readonly labs?: Record<string, z.infer<typeof lab>> | undefined },
  definition: z.infer<typeof job>,
): string[] {
  const ownLab = definition.lab === undefined ? undefined : project.labs?.[definition.lab];
  const platform = ownLab?.platform ?? definition.platform ?? 'jenkins';
  const given: Record<string, string> = { ...ownLab?.settings, ...definition.platformSettings };
  const known = LAB_SETTINGS[platform];
  return [
    ...Object.keys(given)
      .filter((name) => !known.some((setting) => setting.name === name))
      .map((name) => `${platform} knows no setting ${name}`),
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

/** Rules that could never apply, or would ask for what a person would be refused. */
function ruleFaults(definition: z.infer<typeof job>): { path: (string | number)[]; message: string }[] {
  const declared = definition.configurableParams ?? {};
  return (definition.automatic ?? []).flatMap((rule, index) => [
    ...(rule.on === 'label' && !rule.label
      ? [{ path: [index, 'label'], message: 'a rule on a label must name it' }]
      : []),
    ...(rule.on === 'push' && !rule.branches?.length
      ? [{ path: [index, 'branches'], message: 'a rule on a push must name branches' }]
      : []),
    ...Object.entries(rule.parameters ?? {}).flatMap(([name, value]) => {
      const param = Object.hasOwn(declared, name) ? declared[name] : undefined;
      const message = param ? problemWith(value, param) : 'names no configurable parameter of this job';
      return message === undefined ? [] : [{ path: [index, 'parameters', name], message }];
    }),
  ]);
}

/** What is no URL at all has been said already. */
function holdsNoLogin(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

function isRegExp(source: string): boolean {
  try {
    return Boolean(new RegExp(source, 'u'));
  } catch {
    return false;
  }
}

/** A project file as it stands on disk, secrets included. */
export type ProjectFile = z.infer<typeof projectFileSchema>;
