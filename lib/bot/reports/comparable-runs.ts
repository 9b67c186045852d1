/** Keeps the runs of main that were measured as this one was, and counts by reason those that were not. */
import type { Json } from '../../horreum/datastore.ts';
import { shortJson } from '../text/short-json.ts';
import {
  isMain,
  isSha,
  type HistoryConfig,
  type LabelledUpload,
  type Labels,
  type MainRule,
} from './main-history.ts';
import { parametersIn, type Parameters } from './measured-with.ts';

/** An upload of main that counts. */
export interface MainRun {
  readonly runId: number;
  readonly commit?: string;
  readonly datasets: readonly Labels[];
}

/** How this run was measured. */
export interface Own {
  /** By ordinal of its datasets. */
  readonly labels: readonly Labels[];
  /** Those that matter, as far as they are known. */
  readonly parameters: Parameters;
}

/** What runs of main had in place of this run's value, how often. */
export interface Difference {
  readonly name: string;
  readonly own: string;
  readonly theirs: ReadonlyMap<string, number>;
}

export interface ComparableRuns {
  /** Oldest first. */
  readonly runs: readonly MainRun[];
  /** Runs of main that may not be shown here. */
  readonly withheld: number;
  /** Runs of main that were measured otherwise, and in what. */
  readonly differing: number;
  readonly differences: readonly Difference[];
  /** Some of the runs that count do not say what parameters they had. */
  readonly isUnsure: boolean;
}

export interface ComparableQuestion {
  /** Oldest first. */
  readonly uploads: readonly LabelledUpload[];
  readonly rule: MainRule;
  readonly config: HistoryConfig | undefined;
  readonly own: Own;
  /** Parameters of uploads whose runs the bot started itself. */
  readonly recorded: ReadonlyMap<number, Parameters>;
}

export function comparableRuns(question: ComparableQuestion): ComparableRuns {
  const { uploads, rule, config, own } = question;
  const ofMain = uploads.filter((upload) => isMain(upload, rule));
  const shown = ofMain.filter(
    ({ isWithheld, datasets }) => !isWithheld && datasets.length === own.labels.length,
  );
  const compared = shown.map((upload) => ({ upload, ...compareMeasuring(upload, question) }));
  const alike = compared.filter(({ differences }) => differences.length === 0);
  return {
    runs: alike.map(({ upload }) => toMainRun(upload, config)),
    withheld: ofMain.filter(({ isWithheld }) => isWithheld).length,
    differing: compared.length - alike.length,
    differences: sumUp(compared.flatMap(({ differences }) => differences)),
    isUnsure: alike.some(({ isUnsure }) => isUnsure),
  };
}

function toMainRun({ runId, datasets }: LabelledUpload, config: HistoryConfig | undefined): MainRun {
  const commit = config?.commitLabel === undefined ? undefined : datasets[0]?.[config.commitLabel];
  return { runId, datasets, ...(isSha(commit) ? { commit: commit.toLowerCase() } : {}) };
}

interface OneDifference {
  readonly name: string;
  readonly own: string;
  readonly theirs: string;
}

function compareMeasuring(
  { runId, datasets }: LabelledUpload,
  { config, own, recorded }: ComparableQuestion,
): { readonly differences: readonly OneDifference[]; readonly isUnsure: boolean } {
  const theirs = { ...parametersIn(datasets), ...recorded.get(runId) };
  const names = Object.keys(own.parameters);
  const ofParameters = names.flatMap((name): OneDifference[] => {
    const [mine = '', other] = [own.parameters[name], theirs[name]];
    return other === undefined || other === mine ? [] : [{ name, own: mine, theirs: other }];
  });
  const ofEnvironment = (config?.environmentLabels ?? []).flatMap((name) =>
    datasets.flatMap((labels, at): OneDifference[] => {
      const [mine, other] = [saidShort(own.labels[at]?.[name]), saidShort(labels[name])];
      return mine === other ? [] : [{ name, own: mine, theirs: other }];
    }),
  );
  return {
    differences: [...ofEnvironment, ...ofParameters],
    isUnsure: names.some((name) => theirs[name] === undefined),
  };
}

/** What tells machines apart is short; of anything else its beginning counts. */
function saidShort(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' && value !== '' ? value.slice(0, 1_000) : shortJson(value, 1_000);
}

function sumUp(all: readonly OneDifference[]): Difference[] {
  const byName = new Map<string, { own: string; theirs: Map<string, number> }>();
  for (const { name, own, theirs } of all) {
    const known = byName.get(name) ?? { own, theirs: new Map<string, number>() };
    known.theirs.set(theirs, (known.theirs.get(theirs) ?? 0) + 1);
    byName.set(name, known);
  }
  return [...byName].map(([name, difference]) => ({ name, ...difference }));
}
