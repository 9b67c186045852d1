/** Ends a command with a message and an exit code. */

/** 1: refused, or problems were found. 2: the command was used wrongly. */
export type FailureCode = 1 | 2;

export class CliError extends Error {
  readonly exitCode: FailureCode;
  /** For `--json`, beside the message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, exitCode: FailureCode = 1, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** No server answers there. Some commands work without one. */
export class NoServer extends CliError {}
