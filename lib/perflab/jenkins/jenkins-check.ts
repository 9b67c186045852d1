/** Checks a Jenkins job when a project is configured: wrong names would fail silently later, as Jenkins drops unknown parameters. */
import type { OutsideAnswer } from '../../http/outside-call.ts';
import { fine, problem, type Finding } from '../../finding.ts';
import { RUN_PARAMETER, type JobToCheck } from '../job-executor.ts';
import { RESERVED_NAMES } from './jenkins-trigger.ts';
import { at, listAt, parseJson, textAt } from '../../json.ts';

export const CHECK_FIELDS =
  'fullName,buildable,concurrentBuild,property[parameterDefinitions[name,type,choices]]';

/** What an answer to the job's `api/json` says about connection and job. */
export function findingsOfJob(
  answer: OutsideAnswer,
  { job, parameterNames }: JobToCheck,
  said: string,
): Finding[] {
  const subject = `Jenkins job ${job}`;
  const refused = findRefusal(answer, subject, said);
  if (refused) return [refused];
  const json = parseJson(answer.text);
  const version = answer.headers['x-jenkins'];
  if (typeof json !== 'object' || json === null || version === undefined) {
    return [
      problem(
        subject,
        'what answers is not Jenkins',
        'Check the base URL, its context path, and that no login page stands in front of it.',
      ),
    ];
  }
  const connection: Finding = {
    ok: true,
    subject: 'Jenkins',
    message: `version ${version}, the token is accepted`,
  };
  const buildable = at(json, 'buildable');
  if (buildable === undefined) {
    return [
      connection,
      problem(
        subject,
        'that is a folder or a view, not a job',
        'Give the full name of the job: folder/sub-folder/job.',
      ),
    ];
  }
  const findings = [
    connection,
    buildable === true
      ? fine(subject, 'exists and can be built')
      : problem(subject, 'is disabled', 'Enable it in Jenkins.'),
  ];
  return [...findings, ...parameterFindings(json, subject, parameterNames)];
}

function findRefusal({ status, headers }: OutsideAnswer, subject: string, said: string): Finding | undefined {
  if (status === 200) return undefined;
  if (status === 401)
    return problem(
      'Jenkins',
      'refuses the API token (wrong or expired)',
      'Make a new API token for the bot’s user and store it for this project.',
    );
  if (status === 403) {
    return problem(
      subject,
      `the bot’s user has no right to read it (${headers['x-required-permission'] ?? 'Overall/Read and Job/Read'})`,
      'Grant Overall/Read, Job/Read, Job/Build and Job/Cancel, or set user and token if none are set.',
    );
  }
  if (status === 404)
    return problem(
      subject,
      'does not exist, or the bot’s user has no right to see it',
      'Check the full name (folder/job) and grant Job/Read.',
    );
  if (status >= 300 && status < 400) {
    return problem(
      'Jenkins',
      `a redirect (${status}) answered in its place`,
      'Check the base URL; let requests with an API token pass the login proxy.',
    );
  }
  return problem(
    'Jenkins',
    `answered ${status}${said === '' ? '' : ` (${said})`}`,
    status === 503
      ? 'It may be starting: try again in a minute.'
      : 'See the log of Jenkins and of the proxies in front of it.',
  );
}

function parameterFindings(json: unknown, subject: string, names: readonly string[]): Finding[] {
  const declared = listAt(json, 'property').flatMap((property) => listAt(property, 'parameterDefinitions'));
  const declaredNames = declared.flatMap((definition) => textAt(definition, 'name') ?? []);
  const findings: Finding[] = [];
  if (declared.length === 0) {
    return [
      problem(
        subject,
        'takes no parameters, so it can’t know what to measure',
        'Declare the parameters; a pipeline that declares them in its Jenkinsfile must be run once by hand before Jenkins knows them.',
      ),
    ];
  }
  const missing = names.filter((name) => name !== RUN_PARAMETER && !declaredNames.includes(name));
  if (missing.length > 0) {
    findings.push(
      problem(
        subject,
        `does not declare ${missing.join(', ')}; Jenkins would drop them silently (it declares ${declaredNames.join(', ')})`,
        'Declare them in the job, or correct the names in the project file.',
      ),
    );
  }
  const reserved = names.filter((name) => (RESERVED_NAMES as readonly string[]).includes(name));
  if (reserved.length > 0)
    findings.push(
      problem(
        subject,
        `the parameter name ${reserved.join(', ')} is kept by Jenkins for itself`,
        'Rename the parameter.',
      ),
    );
  const run = declared.find((definition) => textAt(definition, 'name') === RUN_PARAMETER);
  if (run === undefined) {
    findings.push({
      ok: false,
      severity: 'warning',
      subject,
      message: `does not declare ${RUN_PARAMETER}: the bot tells its builds apart by their other parameters and the time, and runs one at a time for each pull request`,
      remedy: `Add to the job: string(name: '${RUN_PARAMETER}', defaultValue: '', description: 'Set by Perf Bot')`,
    });
  } else if (!/^(String|Text)ParameterDefinition$/.test(textAt(run, 'type') ?? '')) {
    findings.push(
      problem(
        subject,
        `declares ${RUN_PARAMETER} as ${textAt(run, 'type') ?? 'another type'}`,
        'Make it a String parameter.',
      ),
    );
  }
  return findings.length > 0 ? findings : [fine(subject, `declares all ${names.length} parameters`)];
}
