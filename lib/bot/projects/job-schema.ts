/** Reads one job of the project file. Unknown keys are refused. */
import * as z from 'zod';
import { PLATFORMS } from '../../perflab/job-executor.ts';

export const nameSchema = z.string().trim().min(1).max(200);
/** For what becomes part of an address: `.` and `..` would lead elsewhere, and half a character can't be written there. */
export const staysInPlace = (text: string) =>
  text.isWellFormed() && !text.split(/[/\\]/).some((part) => part === '.' || part === '..');
export const LEADS_ELSEWHERE = 'must not contain . or .. as a path segment';
/** The original wrote ids as text ("10"); a number will do too. */
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
const login = z.string().trim().min(1).max(100);

const PERMISSIONS = ['read', 'triage', 'write', 'maintain', 'admin'] as const;

export const accessFields = {
  /** GitHub logins that may run jobs. If given (even empty), nobody else may, unless a team or a permission is given too. */
  authorizedUsers: z.array(login).max(1000).optional(),
  /** `organization/team-slug`. */
  authorizedTeams: z
    .array(
      z
        .string()
        .regex(/^[^/\s]+\/[^/\s]+$/, 'must be organization/team-slug')
        .refine(staysInPlace, LEADS_ELSEWHERE),
    )
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
  /** Tolerated change in percent. */
  threshold: z.number().min(0).max(1000).optional(),
  /** gate: a slower value fails the check; warn: it makes the check neutral; info: it is only shown. */
  policy: z.enum(['gate', 'warn', 'info']).optional(),
});

const history = z.strictObject({
  /** The label that contains the commit. */
  commitLabel: nameSchema.optional(),
  branchLabel: nameSchema.optional(),
  /** Labels that must be equal for two runs to be comparable: host, JDK… */
  environmentLabels: z.array(nameSchema).max(20).optional(),
  /** Which runs are main: the branch label (or, without one, the commit label) has this value. */
  mainValue: z.string().max(200).optional(),
  /** Parameters that must be equal for two runs to be comparable. Without it: all but those that name the code. */
  parameters: z.array(parameterName).max(50).optional(),
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

export const jobSchema = z.strictObject({
  name: z.string().max(200).optional(),
  platformJobId: nameSchema.refine(staysInPlace, LEADS_ELSEWHERE),
  pullRequestNumberParam: parameterName.nullish(),
  repoFullNameParam: parameterName.nullish(),
  repoCommitParam: parameterName.nullish(),
  datastoreConfig: z.strictObject({ testId: id, viewId: id.nullish() }).nullish(),
  configurableParams: z.record(parameterName, param).nullish(),
  platform: z.enum(PLATFORMS).optional(),
  /** The name of one of the project's labs. */
  lab: nameSchema.optional(),
  platformSettings: z.record(z.string(), z.string().max(500)).optional(),
  description: z.string().max(1000).optional(),
  timeoutMinutes: minutes.optional(),
  /** How long the results may take to become readable after the job has ended. */
  resultsTimeoutMinutes: minutes.optional(),
  metrics: z.record(nameSchema, metric).optional(),
  history: history.optional(),
  access: z.strictObject(accessFields).optional(),
  /** `quiet`: a clean result shows as a check run only, without a mention. */
  comment: z.enum(['full', 'quiet']).optional(),
  automatic: z.array(automatic).max(20).optional(),
  retryLabFaults: z.boolean().optional(),
});

export type JobDef = z.infer<typeof jobSchema>;
export type Param = z.infer<typeof param>;

function isRegExp(source: string): boolean {
  try {
    return Boolean(new RegExp(source, 'u'));
  } catch {
    return false;
  }
}
