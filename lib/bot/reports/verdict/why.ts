/** The reason of a verdict as one plain sentence with the numbers it used. */
import type { Details } from './details.ts';
import type { Verdict } from './judge.ts';
import { counted } from '../../text/numbers.ts';

export const explain = { tooFew, decided };

function tooFew(runs: number, samples: number, fewestRuns: number): string {
  if (samples === 0) return 'The pull request has no usable value.';
  return `Main has ${counted(runs, 'usable run')}; below ${fewestRuns} its run-to-run spread is not known.`;
}

function decided(verdict: Verdict, details: Details, doubt?: string): string {
  const { change, changePercent, limit, limitPercent } = details;
  const [size, bound] =
    changePercent === null || limitPercent === null
      ? [figure(Math.abs(change)), figure(limit)]
      : [`${figure(Math.abs(changePercent))} %`, `${figure(limitPercent)} %`];
  const place = change === 0 ? 'Exactly at' : `${size} ${change > 0 ? 'above' : 'below'}`;
  const source = details.limitFrom === 'threshold' ? 'the configured threshold' : noise(details);
  const beyond = Math.abs(change) > limit;
  return `${place} the level of ${history(details)}: ${relation(verdict, beyond, `the limit of ${bound} (${source})`, doubt)}.`;
}

function relation(verdict: Verdict, beyond: boolean, limit: string, doubt?: string): string {
  if (verdict === 'same') return `within ${limit}`;
  if (verdict !== 'cannot-tell') return `${verdict} by more than ${limit}`;
  if (doubt) return `${beyond ? 'beyond' : 'within'} ${limit}, but ${doubt}`;
  return `within ${limit}, but too far out to be called unchanged`;
}

function noise({ spread, spreadPercent, samples }: Details): string {
  if (spread === 0) return 'main shows no run-to-run spread at all';
  const size = spreadPercent === null ? figure(spread) : `${figure(spreadPercent)} %`;
  return `what a run-to-run spread of ${size} supports with ${counted(samples, 'sample')}`;
}

function history({ runs, pattern }: Details): string {
  const main = counted(runs, 'main run');
  switch (pattern.kind) {
    case 'steady':
      return main;
    case 'drift':
      return `${main}, their drift continued`;
    case 'step':
      return `${main}, after a step ${counted(pattern.runsSince, 'run')} ago`;
    case 'states':
      return `${main} that alternate between ${pattern.count} levels`;
  }
}

/** Three significant digits, without an exponent where people would not write one. */
function figure(value: number): string {
  if (value !== 0 && (value < 1e-4 || value >= 1e9)) return value.toExponential(1);
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
