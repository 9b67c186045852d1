/** Says what went wrong at an outside system, as "outcome, subject, place". The type decides what happens next, never the text. */

export interface UpstreamErrorOptions {
  /** Worth trying again: a connection error, 429, 502, 503, 504 and the like. */
  readonly retryable: boolean;
  /** The HTTP status, where there was an answer at all. */
  readonly status?: number | undefined;
  /** How long the other side asked us to wait. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** An outside system (GitHub, PerfLab, Horreum, AWS) refused, failed or did not answer. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError' as const;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: UpstreamErrorOptions) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** For `catch`: handles an outside system's error; anything else is our own fault and is thrown on. */
export function onUpstreamError<Result>(
  handle: (error: UpstreamError) => Result,
): (error: unknown) => Result {
  return (error) => {
    if (error instanceof UpstreamError) return handle(error);
    throw error;
  };
}

/** For `catch`: handles what an outside system refuses for good; what may work later is thrown on. */
export function onRefusal<Result>(handle: (error: UpstreamError) => Result): (error: unknown) => Result {
  return onUpstreamError((error) => {
    if (error.retryable) throw error;
    return handle(error);
  });
}

/** For `catch`, where the outside system says something by these statuses; everything else is thrown on. */
export function onStatus<Result>(
  statuses: readonly number[],
  handle: (error: UpstreamError) => Result,
): (error: unknown) => Result {
  return onUpstreamError((error) => {
    if (statuses.includes(error.status ?? 0)) return handle(error);
    throw error;
  });
}
