/** Numbers for people: units scaled, as many digits as they carry, a sign where a change is meant. */

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

/** `807556, "ns"` → `807.6 µs`; without a known unit large numbers are grouped: `1,180`. */
export function formatValue(value: number, unit: string | undefined): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const known = unit === undefined ? undefined : UNITS[unit.toLowerCase()];
  if (known) {
    const base = value * known.factor;
    const [name, size] = scaleFor(base, known.scale);
    return `${significant(base / size)} ${name}`;
  }
  if (unit === undefined || unit === '')
    return Math.abs(value) < 1e15 ? significant(value) : value.toExponential(3);
  if (unit === '%') return `${significant(value)} %`;
  const [prefix, size] = Math.abs(value) >= 10_000 ? scaleFor(value, PLAIN) : (['', 1] as const);
  return `${significant(value / size)} ${prefix}${unit}`;
}

function scaleFor(value: number, scale: readonly (readonly [string, number])[]): readonly [string, number] {
  const size = Math.abs(value);
  return scale.find(([, least]) => size >= least) ?? scale.at(-1) ?? ['', 1];
}

/** Four significant digits, whole numbers whole, grouped by thousands. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return value.toExponential(2);
  const decimals = size >= 1000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

/** `+7.4%`, `−0.3%`, `0.0%`: a sign that a hyphen can't be taken for. */
export function formatPercent(percent: number): string {
  if (Number.isNaN(percent)) return 'n/a';
  if (!Number.isFinite(percent)) return percent > 0 ? '+∞' : '−∞';
  const size = Math.abs(percent);
  const text = `${size >= 1000 ? significant(Math.round(size)) : size.toFixed(size < 0.095 && size > 0 ? 2 : 1)}%`;
  if (Number(size.toFixed(2)) === 0) return '0.0%';
  return percent > 0 ? `+${text}` : `−${text}`;
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

/** Larger/smaller for sizes, slower/faster for everything else. */
export function isSize(unit: string | undefined): boolean {
  return unit !== undefined && UNITS[unit.toLowerCase()]?.scale === BYTES;
}
