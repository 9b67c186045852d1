/** Writes the log: one JSON object a line, with a constant sentence and its fields; what looks secret is struck out. */
import { redact } from './http/redact.ts';

export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  info(sentence: string, fields?: LogFields): void;
  warn(sentence: string, fields?: LogFields): void;
  error(sentence: string, fields?: LogFields): void;
  /** The same log with fields that every line shall carry, such as the run key. */
  with(fields: LogFields): Log;
}

export const LOG_LEVELS = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SECRET_NAME = /key$|token|secret|password|authorization|signature|cookie|credential/i;
const HARMLESS_NAME = /^(runKey|attemptKey|subjectKey|jobKey|tokenKind)$/;

/** Writes to `sink`, which gets whole lines. */
export function createLog(sink: (line: string) => void, level: LogLevel = 'info', base: LogFields = {}): Log {
  const write =
    (lineLevel: LogLevel) =>
    (sentence: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(lineLevel) < LOG_LEVELS.indexOf(level)) return;
      sink(JSON.stringify({ level: lineLevel, message: sentence, ...base, ...fields }, strikeOut));
    };
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => createLog(sink, level, { ...base, ...fields }),
  };
}

function strikeOut(name: string, value: unknown): unknown {
  if (typeof value === 'string' && SECRET_NAME.test(name) && !HARMLESS_NAME.test(name)) return '***';
  if (value instanceof Error) return describe(value);
  return typeof value === 'string' ? redact(value) : value;
}

function describe(error: Error): Record<string, unknown> {
  const frames = error.stack
    ?.split('\n')
    .slice(1, 6)
    .map((frame) => frame.trim());
  const cause = error.cause instanceof Error ? { cause: `${error.cause.name}: ${error.cause.message}` } : {};
  return { name: error.name, message: error.message, ...cause, stack: frames };
}

/** One CloudWatch metric in the embedded metric format: a log line that becomes a number. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export function countMetric(sink: (line: string) => void, name: string, value: number, nowMs: number): void {
  const metric = { Namespace: 'PerfBot', Dimensions: [[]], Metrics: [{ Name: name, Unit: 'Count' }] };
  sink(JSON.stringify({ _aws: { Timestamp: nowMs, CloudWatchMetrics: [metric] }, [name]: value }));
}
