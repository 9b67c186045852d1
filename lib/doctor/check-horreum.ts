/** Looks at a project's Horreum: version, key, each job's test, and whether its webhook is registered and delivered. */
import type { Finding } from '../finding.ts';
import { eventFor } from '../bot/operator/connect-horreum.ts';
import type { JobDef } from '../bot/projects/project-config.ts';
import type { ProjectFile } from '../bot/projects/project-schema.ts';
import { horreumUrl } from '../bot/projects/project-urls.ts';
import { createHorreumAdmin, type HorreumAdmin } from '../horreum/horreum-admin.ts';
import { createOutsideCall } from '../http/outside-call.ts';
import { maskUrlTokens } from '../http/redact.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { Settings } from '../settings.ts';
import type { BotEnvironment } from '../wiring/environment.ts';

/** A busy test logs failures of other people's webhooks too; ours is looked for among so many. */
const FAILED_SHOWN = 50;

/** Undefined where neither the project nor the operator names a Horreum. */
export async function horreumAdminOf(
  environment: BotEnvironment,
  settings: Settings,
  datastoreUrl: string | undefined,
  secrets: Readonly<Record<string, string>>,
): Promise<HorreumAdmin | undefined> {
  const baseUrl = datastoreUrl ?? settings.horreumUrl;
  if (!baseUrl) return undefined;
  const ca = secrets['datastoreCaCertificates'] ?? (await environment.labCa());
  return createHorreumAdmin({
    call: createOutsideCall({ ca, allowedHosts: settings.allowedHosts }),
    baseUrl,
    apiKey: secrets['datastoreApiKey'],
  });
}

/** Does the key work, and is each job's test there with its view, a profile and its webhook? */
export async function checkHorreum(
  environment: BotEnvironment,
  settings: Settings,
  file: ProjectFile,
  projectId: string,
  secrets: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const horreum = await horreumAdminOf(environment, settings, file.datastoreUrl, secrets);
  if (!horreum)
    return [
      {
        ok: false,
        subject: 'Horreum',
        message: 'no address is configured',
        remedy: 'set datastoreUrl in the project file, or HORREUM_URL',
      },
    ];
  const version = await horreum.getVersion();
  const findings: Finding[] = [versionFinding(version)];
  const event = eventFor(version);
  try {
    const roles = await horreum.getRoles();
    findings.push(
      roles.includes('viewer')
        ? { ok: true, subject: 'Horreum key', message: 'is valid' }
        : {
            ok: false,
            subject: 'Horreum key',
            message: 'its user has no role viewer',
            remedy: 'give the user the role viewer of the test’s team',
          },
    );
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.status !== 401) throw error;
    findings.push({
      ok: false,
      subject: 'Horreum key',
      message: 'was refused',
      remedy: 'make a new one at Horreum (user settings, API keys); a key ends after 30 days without use',
    });
    return findings;
  }
  const [secret] = await environment.urlTokenSecrets();
  for (const [jobId, job] of Object.entries(file.jobs)) {
    if (!job.datastoreConfig) continue;
    const url =
      secret === undefined
        ? undefined
        : horreumUrl(settings.publicUrl, secret, projectId, job.datastoreConfig.testId, event);
    findings.push(...(await checkTest(horreum, jobId, job, url)));
  }
  return findings;
}

function versionFinding(version: string): Finding {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const subject = `Horreum ${version}`;
  if (major > 0 || minor >= 19) return { ok: true, subject, message: 'sends dataset_labels/computed' };
  if (minor === 18 && patch >= 1)
    return {
      ok: false,
      subject,
      message: 'does not know dataset_labels/computed',
      remedy: 'register experiment_result/new instead, or upgrade to 0.19',
      severity: 'warning',
    };
  return {
    ok: false,
    subject,
    message: 'never fires its webhooks',
    remedy: 'upgrade to 0.18.1 or later; until then results come with the sweeper, minutes late',
    severity: 'warning',
  };
}

async function checkTest(
  horreum: HorreumAdmin,
  jobId: string,
  job: JobDef,
  url: string | undefined,
): Promise<Finding[]> {
  const testId = Number(job.datastoreConfig?.testId);
  const subject = `Horreum test ${testId} of ${jobId}`;
  const test = await horreum.findTest(testId);
  if (!test)
    return [
      {
        ok: false,
        subject,
        message: 'does not exist, or the key may not see it',
        remedy: 'look up the id in the test’s address',
      },
    ];
  const [views, profiles, actions, failed] = await Promise.all([
    horreum.listViews(testId),
    horreum.listProfiles(testId),
    horreum.listActions(testId).catch(() => undefined),
    horreum.listFailedActions(testId, FAILED_SHOWN).catch(() => []),
  ]);
  const viewId = job.datastoreConfig?.viewId;
  const registered = actions?.some((action) => action.url === url && action.active);
  return [
    { ok: true, subject, message: `is ${test.name}` },
    ...(viewId == null || views.some(({ id }) => String(id) === viewId)
      ? []
      : [
          {
            ok: false,
            subject,
            message: `has no view ${viewId}`,
            remedy: `its views: ${views.map(({ id, name }) => `${id} (${name})`).join(', ')}`,
          },
        ]),
    profiles.length > 0
      ? { ok: true, subject, message: `has ${profiles.length} experiment profile(s)` }
      : {
          ok: false,
          subject,
          message: 'has no experiment profile: nothing will be compared',
          remedy: 'add one at Horreum (test, Experiments)',
          severity: 'warning',
        },
    registered
      ? { ok: true, subject, message: 'posts to Perf Bot' }
      : {
          ok: false,
          subject,
          message: actions
            ? 'does not post to Perf Bot'
            : 'its actions can’t be read with this key (role tester)',
          remedy: `register the URL that \`perf-bot horreum url\` prints, or run \`perf-bot horreum connect\``,
          severity: 'warning',
        },
    ...failed
      .filter(({ message }) => message.includes('/horreum/'))
      .slice(0, 1)
      .map(({ message, event }) => ({
        ok: false,
        subject,
        message: `could not deliver ${event.slice(0, 60)}: ${maskUrlTokens(message).slice(0, 300)}`,
        remedy: 'look whether Horreum can reach that address; the results come all the same, minutes later',
        severity: 'warning' as const,
      })),
  ];
}
