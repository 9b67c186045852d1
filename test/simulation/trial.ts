/** One metric, once without and once with an effect, put to the verdict; and what came of it. */
import type { Judgement, Question } from '../../lib/bot/reports/verdict/judge.ts';
import type { Family } from './families.ts';
import type { Random } from './random.ts';

export interface Setting {
  readonly runs: number;
  readonly samples: number;
  readonly thresholdPercent: number;
  readonly metrics: number;
}

export interface Outcome extends Setting {
  readonly family: string;
  readonly quiet: Judgement;
  /** With an effect of twice the least tellable. */
  readonly changed: Judgement;
  /** With a harmful effect of what the project cares about, and of twice the limit that was stated. */
  readonly caredAbout: Judgement;
  readonly twiceStated: Judgement;
  readonly careAboutPercent: number;
  /** A value can't fall by more than it has. */
  readonly harmIsPossible: boolean;
  /** What a true verdict on the changed one says. */
  readonly truth: 'better' | 'worse';
  /** The least limit that was possible, with perfect knowledge. */
  readonly bestLimitPercent: number;
}

export type Judge = (question: Question) => Judgement;

/** The level at which a metric of a report may alarm falsely. */
function levelOf(metrics: number): number {
  return Math.min(0.01, 1 - 0.95 ** (1 / metrics));
}

export function trial(judge: Judge, family: Family, random: Random, setting: Setting): Outcome {
  const { history, sample, truth, factors } = family.draw(
    random,
    setting.runs,
    setting.samples,
    levelOf(setting.metrics),
  );
  const widest = Math.max(1, ...[...history, ...sample].map((value) => Math.abs(value ?? 0)));
  const noise = Math.min(random.logBetween(0.001, 0.2), 0.5 / widest);
  const level = random.logBetween(1e-9, 1e12) * (random.chance(0.1) ? -1 : 1);
  const inUnits = (value: number): number => level * (1 + noise * value);

  const bestLimit = Math.max(
    setting.thresholdPercent / 100,
    (truth.halfWidth * noise) / (1 + noise * truth.centre),
  );
  const effect = 2 * bestLimit * (2 * bestLimit < 0.9 ? random.sign() : 1);
  const direction = random.chance(0.5) ? 'lower' : 'higher';
  const question = {
    history: history.map((value, run) => (value === null ? null : inUnits(value) * (factors?.[run] ?? 1))),
    direction,
    thresholdPercent: setting.thresholdPercent,
    metrics: setting.metrics,
  } as const;
  const ask = (effectOf: number): Judgement =>
    judge({ ...question, sample: sample.map((value) => inUnits(value) * (1 + effectOf)) });
  const quiet = ask(0);
  const harm = (direction === 'lower' ? 1 : -1) * Math.sign(level);
  const careAbout = quiet.details?.careAboutPercent ?? 10;
  return {
    ...setting,
    family: family.name,
    quiet,
    changed: ask(effect),
    caredAbout: ask((harm * careAbout) / 100),
    twiceStated: ask((harm * 2 * (quiet.limitPercent ?? 0)) / 100),
    careAboutPercent: careAbout,
    harmIsPossible: harm > 0 || 2 * (quiet.limitPercent ?? 0) < 90,
    truth: effect * level > 0 === (direction === 'lower') ? 'worse' : 'better',
    bestLimitPercent: bestLimit * 100,
  };
}
