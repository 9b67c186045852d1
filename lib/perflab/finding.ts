/** The three kinds of thing that a check finds. */
import type { Finding } from './job-executor.ts';

export function fine(subject: string, message: string): Finding {
  return { ok: true, subject, message };
}

export function problem(subject: string, message: string, remedy: string): Finding {
  return { ok: false, severity: 'error', subject, message, remedy };
}

export function warning(subject: string, message: string, remedy: string): Finding {
  return { ok: false, severity: 'warning', subject, message, remedy };
}

/** No connection at all: whatever the platform. */
export function unreachable(product: string, error: Error): Finding {
  return problem(
    product,
    error.message,
    'Check the base URL, the network path from the bot to it, and its certificate (a private CA has to be configured).',
  );
}
