/** Writes numbers for people: with scaled units, as many digits as they carry, and a sign for a change. */
import { words } from './markdown.ts';

const TIME_NS: readonly (readonly [string, number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
];
const BYTES: readonly (readonly [string, number])[] = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 1024],
  ['B', 1],
];
/** For a project's own units, such as `req/s`. */
const PLAIN: readonly (readonly [string, number])[] = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
  ['', 1],
];

const UNITS: Readonly<
  Record<string, { readonly scale: readonly (readonly [string, number])[]; readonly factor: number }>
> = {
  ns: { scale: TIME_NS, factor: 1 },
  us: { scale: TIME_NS, factor: 1e3 },
  µs: { scale: TIME_NS, factor: 1e3 },
  ms: { scale: TIME_NS, factor: 1e6 },
  s: { scale: TIME_NS, factor: 1e9 },
  b: { scale: BYTES, factor: 1 },
  byte: { scale: BYTES, factor: 1 },
  bytes: { scale: BYTES, factor: 1 },
  kb: { scale: BYTES, factor: 1000 },
  mb: { scale: BYTES, factor: 1e6 },
  kib: { scale: BYTES, factor: 1024 },
  mib: { scale: BYTES, factor: 2 ** 20 },
  gib: { scale: BYTES, factor: 2 ** 30 },
};

/**
 * `807556, "ns"` → `807.6 µs`; without a known unit large numbers are grouped: `1,180`.
 * `digits`: the number of digits that mean anything. `beside`: the value that it is compared with, whose unit it shares.
 */
export function formatValue(
  value: number,
  unit: string | undefined,
  digits?: number,
  beside = value,
): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const { name, size } = scaleOf(isNear(value, beside) ? beside : value, unit);
  if (size === 1 && name === '' && Math.abs(value) >= 1e15) return value.toExponential(3);
  return `${significant(value / size, digits)}${name === '' ? '' : ` ${name}`}`;
}

/** Near enough to be read in the same unit. */
function isNear(value: number, beside: number): boolean {
  const ratio = Math.abs(value / beside);
  return Number.isFinite(ratio) && ratio < 1000 && (ratio > 0.001 || value === 0);
}

export interface Scale {
  /** The unit that people read: `ms` for a large number of ns. */
  readonly name: string;
  /** The number of the metric's own units in one of it. */
  readonly size: number;
}

export function scaleOf(value: number, unit: string | undefined): Scale {
  const known = unit === undefined ? undefined : UNITS[unit.toLowerCase()];
  if (known) {
    const [name, size] = scaleFor(value * known.factor, known.scale);
    return { name, size: size / known.factor };
  }
  if (unit === undefined || unit === '' || unit === '%') return { name: unit ?? '', size: 1 };
  const [prefix, size] = Math.abs(value) >= 10_000 ? scaleFor(value, PLAIN) : (['', 1] as const);
  return { name: `${prefix === '' ? '' : `${prefix} `}${words(unit, 30)}`, size };
}

/** The number of digits of a value that mean anything when single runs scatter by `spread`. */
export function digitsFor(value: number, spread: number | undefined): number | undefined {
  const relative = spread === undefined ? Number.NaN : spread / Math.abs(value);
  if (!(relative > 0) || !Number.isFinite(relative)) return undefined;
  return Math.min(5, Math.max(2, 1 + Math.ceil(-Math.log10(relative))));
}

function scaleFor(value: number, scale: readonly (readonly [string, number])[]): readonly [string, number] {
  const size = Math.abs(value);
  return scale.find(([, least]) => size >= least) ?? scale.at(-1) ?? ['', 1];
}

/** Four significant digits by default, whole numbers whole, grouped by thousands. */
function significant(value: number, digits?: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return value.toExponential(2);
  if (digits !== undefined && size !== 0) {
    const rounded = Number(value.toPrecision(digits));
    const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
    return rounded.toLocaleString('en-US', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
  }
  const decimals = size >= 1000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

/** `+7.4%`, `−0.3%`, `0.0%`: the minus sign can't be taken for a hyphen. */
export function formatPercent(percent: number): string {
  if (Number.isNaN(percent)) return 'n/a';
  if (!Number.isFinite(percent)) return percent > 0 ? '+∞' : '−∞';
  const size = Math.abs(percent);
  const text = `${size >= 1000 ? significant(Math.round(size)) : size.toFixed(size < 0.095 && size > 0 ? 2 : 1)}%`;
  if (Number(size.toFixed(2)) === 0) return '0.0%';
  return percent > 0 ? `+${text}` : `−${text}`;
}

/** `1 metric`, `3 metrics`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `34 s`, `12 min`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** Sizes are larger or smaller. */
export function isSize(unit: string | undefined): boolean {
  return unit !== undefined && UNITS[unit.toLowerCase()]?.scale === BYTES;
}

export function isTime(unit: string | undefined): boolean {
  return unit !== undefined && UNITS[unit.toLowerCase()]?.scale === TIME_NS;
}

/** Whether a worse value is a slower one: times, rates, and metrics without a unit. */
export function isSpeed(unit: string | undefined): boolean {
  if (unit === undefined || unit === '') return true;
  return isTime(unit) || /\/\s*(s|sec|second|min|minute|h)$|^(ops|rps|tps|qps|min|h)$/i.test(unit);
}
