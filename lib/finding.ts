/** A finding: one thing that `doctor` or a check of a project found, with its remedy where there is one to take. */

/** One thing that a check found: `remedy` says what a person does about it; absent when all is well. */
export interface Finding {
  readonly ok: boolean;
  /** What was looked at, e.g. `Jenkins job perf/getting-started`. */
  readonly subject: string;
  readonly message: string;
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
