/** Checks a project's Horreum: its version, the key, each job's test, and whether its webhook is registered and delivered. */
import { eventFor } from '../bot/operator/connect-horreum.ts';
import type { JobDef, ProjectSecrets } from '../bot/projects/project-config.ts';
import type { ProjectFile } from '../bot/projects/project-schema.ts';
import { horreumUrl } from '../bot/projects/project-urls.ts';
import { fine, problem, warning, type Finding } from '../finding.ts';
import type { HorreumAdmin } from '../horreum/horreum-admin.ts';
import { maskUrlTokens } from '../http/redact.ts';
import { onStatus, onUpstreamError } from '../http/upstream-error.ts';
import type { DoctorDeps } from './doctor-deps.ts';

/** A busy test logs failures of other people's webhooks too: ours is looked for among so many. */
const MAX_LOGGED_FAILURES = 50;

/** Does the key work, and does each job's test have its view, a profile and the bot's webhook? */
export async function checkHorreum(
  deps: DoctorDeps,
  file: ProjectFile,
  projectId: string,
  secrets: ProjectSecrets,
): Promise<readonly Finding[]> {
  const horreum = await deps.horreumOf(file.datastoreUrl, secrets);
  if (!horreum)
    return [
      problem('Horreum', 'no address is configured', 'Set datastoreUrl in the project file, or HORREUM_URL.'),
    ];
  const version = await horreum.getVersion();
  const findings = [versionFinding(version)];
  const roles = await horreum.getRoles().catch(onStatus([401], () => undefined));
  findings.push(keyFinding(roles));
  if (!roles) return findings;
  const [secret] = await deps.urlTokenSecrets();
  for (const [jobId, job] of Object.entries(file.jobs)) {
    if (!job.datastoreConfig) continue;
    const { testId } = job.datastoreConfig;
    const url =
      secret === undefined
        ? undefined
        : horreumUrl(deps.publicUrl, secret, projectId, testId, eventFor(version));
    findings.push(...(await checkTest(horreum, jobId, job.datastoreConfig, url)));
  }
  return findings;
}

function keyFinding(roles: readonly string[] | undefined): Finding {
  const subject = 'Horreum key';
  if (!roles)
    return problem(
      subject,
      'was refused',
      'Make a new one at Horreum (user settings, API keys). A key ends after 30 days without use.',
    );
  return roles.includes('viewer')
    ? fine(subject, 'is valid')
    : problem(subject, 'its user lacks the role viewer', 'Give the user the role viewer of the test’s team.');
}

function versionFinding(version: string): Finding {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const subject = `Horreum ${version}`;
  if (major > 0 || minor >= 19) return fine(subject, 'sends dataset_labels/computed');
  if (minor === 18 && patch >= 1)
    return warning(
      subject,
      'does not send dataset_labels/computed',
      'Register experiment_result/new instead, or upgrade to 0.19.',
    );
  return warning(
    subject,
    'never fires its webhooks: results come minutes late, with the sweeper',
    'Upgrade to 0.18.1 or later.',
  );
}

async function checkTest(
  horreum: HorreumAdmin,
  jobId: string,
  { testId, viewId }: NonNullable<JobDef['datastoreConfig']>,
  url: string | undefined,
): Promise<Finding[]> {
  const id = Number(testId);
  const subject = `Horreum test ${id} of ${jobId}`;
  const test = await horreum.findTest(id);
  if (!test)
    return [
      problem(
        subject,
        'does not exist, or the key has no access to it',
        'Look up the id in the test’s address.',
      ),
    ];
  const [views, profiles, actions, failed] = await Promise.all([
    horreum.listViews(id),
    horreum.listProfiles(id),
    horreum.listActions(id).catch(onUpstreamError(() => undefined)),
    horreum.listFailedActions(id, MAX_LOGGED_FAILURES).catch(onUpstreamError(() => [])),
  ]);
  const isRegistered = actions?.some((action) => action.url === url && action.active);
  const ourFailure = failed.find(({ message }) => message.includes('/horreum/'));
  return [
    fine(subject, `is ${test.name}`),
    ...(viewId == null || views.some((view) => String(view.id) === viewId)
      ? []
      : [
          problem(
            subject,
            `has no view ${viewId}`,
            `Choose one of its views: ${views.map((view) => `${view.id} (${view.name})`).join(', ')}.`,
          ),
        ]),
    profiles.length > 0
      ? fine(subject, `has ${profiles.length} experiment profile(s)`)
      : warning(
          subject,
          'has no experiment profile: nothing will be compared',
          'Add one at Horreum (test, Experiments).',
        ),
    isRegistered
      ? fine(subject, 'posts to Perf Bot')
      : warning(
          subject,
          actions ? 'does not post to Perf Bot' : 'its actions can’t be read with this key (role tester)',
          'Run `npx perf-bot horreum connect`, or register the URL that `npx perf-bot horreum url` prints.',
        ),
    ...(ourFailure
      ? [
          warning(
            subject,
            `could not deliver ${ourFailure.event.slice(0, 60)}: ${maskUrlTokens(ourFailure.message).slice(0, 300)}`,
            'Check whether Horreum can reach that address. Until it can, results come minutes late.',
          ),
        ]
      : []),
  ];
}
