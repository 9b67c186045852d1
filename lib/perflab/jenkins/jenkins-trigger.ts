/** Makes the form that starts a Jenkins build, and reads each answer to it. */
import type { OutsideAnswer } from '../../http/outside-call.ts';
import type { StartRequest, StartResult } from '../job-executor.ts';
import { rejected, rejectedByLoginPage, tooManyRequests } from '../outcomes.ts';

/** Request names that Jenkins takes for itself. */
export const RESERVED_NAMES = ['token', 'cause', 'delay'] as const;
/** Some releases accept no larger form than 200,000 bytes (jenkinsci/jenkins#25958); parameters become environment variables. */
const MAX_FORM_BYTES = 64 * 1024;

/** The form, or why it can't be sent. */
export function triggerForm(request: StartRequest): { readonly body: string } | StartResult {
  const reserved = Object.keys(request.parameters).find((name) =>
    (RESERVED_NAMES as readonly string[]).includes(name),
  );
  if (reserved !== undefined) {
    return rejected(
      `Jenkins keeps the name "${reserved}" for itself: rename that parameter of ${request.job}.`,
    );
  }
  const body = new URLSearchParams(request.parameters).toString();
  if (Buffer.byteLength(body) > MAX_FORM_BYTES) {
    return rejected(
      `The parameters for ${request.job} are larger than the ${MAX_FORM_BYTES} bytes that every Jenkins accepts.`,
    );
  }
  return { body };
}

/** The queue item in a Location header; its host depends on proxies and settings, so only the number is taken. */
export function queueIdIn(location: string | undefined): string | undefined {
  return /\/queue\/item\/(\d+)\/?(?:[?#].*)?$/.exec(location ?? '')?.[1];
}

/** Reads an answer that holds no queue item. */
export function readRefusal(answer: OutsideAnswer, job: string, said: string, nowMs: number): StartResult {
  const { status, headers } = answer;
  const words = said === '' ? '' : `: ${said}`;
  switch (status) {
    case 400:
      return said.includes('is not parameterized')
        ? rejected(
            `Jenkins job ${job} takes no parameters. Declare them (PERF_BOT_RUN among them); a pipeline that declares them in its Jenkinsfile must be run once by hand first.`,
          )
        : rejected(`Jenkins did not accept the parameters of ${job}${words}`);
    case 401:
      return rejected(
        'Jenkins refused the API token (wrong or expired). Make a new one and store it for this project.',
      );
    case 403:
      return /crumb/i.test(said)
        ? rejected(
            'Jenkins asked for a CSRF crumb, which it does for passwords: use an API token in place of the password.',
          )
        : rejected(`Jenkins user lacks ${headers['x-required-permission'] ?? 'Job/Build'} on ${job}${words}`);
    case 404:
      return rejected(`Jenkins has no job ${job}, or the bot’s user has no right to see it (Job/Read).`);
    case 409:
      return rejected(`Jenkins job ${job} is disabled or was never saved. Enable it in Jenkins.`);
    case 413:
    case 414:
      return rejected(
        `A proxy in front of Jenkins answered ${status}: the parameters of ${job} are too large for it.`,
      );
    case 429: // a proxy's, and before Jenkins: nothing was started
      throw tooManyRequests('Jenkins', job, answer, nowMs);
  }
  if (status >= 300 && status < 400) return readRedirect(headers['location'], job);
  if (status === 500 && /Illegal (choice|number)/.test(said)) {
    return rejected(`Jenkins did not accept the parameters of ${job}${words}`);
  }
  if (status >= 400 && status < 500)
    return rejected(`Jenkins answered ${status} to the start of ${job}${words}`);
  return { kind: 'unknown', message: `Jenkins answered ${status} to the start of ${job}${words}` };
}

function readRedirect(location: string | undefined, job: string): StartResult {
  if (/\/buildWithParameters(\?|$)/.test(location ?? '')) {
    return rejected(
      `Jenkins has moved to ${originOf(location)}: correct the base URL of this project's Jenkins.`,
    );
  }
  if (location !== undefined && leadsIntoJenkins(location)) {
    return rejected(
      `Jenkins sent the start of ${job} back to a page of its own: a plugin refused it, nothing was queued.`,
    );
  }
  return rejectedByLoginPage('Jenkins');
}

function originOf(location: string | undefined): string {
  return URL.canParse(location ?? '') ? new URL(location ?? '').origin : 'another address';
}

/** Jenkins' own redirects lead to pages of a job or are relative; a login page's path is neither. */
export function leadsIntoJenkins(location: string): boolean {
  const path = location.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  if (/\/(login|securityRealm|oauth2?|saml|sso|signin)(\/|$)/i.test(path)) return false;
  return path === '' || path === '.' || path.includes('/job/');
}
