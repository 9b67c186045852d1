/** Says what `doctor` or a check of a project found, with the remedy if it is a problem. */
import { onUpstreamError } from './http/upstream-error.ts';

export interface Finding {
  readonly ok: boolean;
  /** What was checked, e.g. `Jenkins job perf/getting-started`. */
  readonly subject: string;
  readonly message: string;
  /** What a person does about it; absent when all is well. */
  readonly remedy?: string;
  /** A warning does not stop a configuration from being stored. */
  readonly severity?: 'error' | 'warning';
}

export function fine(subject: string, message: string): Finding {
  return { ok: true, subject, message };
}

export function problem(subject: string, message: string, remedy: string): Finding {
  return { ok: false, severity: 'error', subject, message, remedy };
}

export function warning(subject: string, message: string, remedy: string): Finding {
  return { ok: false, severity: 'warning', subject, message, remedy };
}

/** What a check found; a system that does not answer is a finding, too. */
export function findingsOf(
  system: string,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  return check().catch(
    onUpstreamError((error) => [
      problem(
        system,
        error.message,
        'Check its URL, the network path from the bot to it, and its certificate (a private CA must be configured).',
      ),
    ]),
  );
}
