/** Describes the store of results as the bot reads it. Horreum implements it; nothing here is Markdown. */

/** Any JSON: a Horreum label may hold a number, text, boolean, null, array or object. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type HorreumAccess = 'PUBLIC' | 'PROTECTED' | 'PRIVATE';

/** An upload. */
export interface HorreumRun {
  readonly id: number;
  readonly testId: number;
  readonly access: HorreumAccess;
  readonly trashed: boolean;
  readonly hasMetadata: boolean;
  /** Empty while (or because) no dataset was made of it. */
  readonly datasetIds: readonly number[];
}

/** The label values of one dataset; `values` is empty until Horreum has computed them. */
export interface DatasetLabels {
  readonly runId: number;
  readonly datasetId: number;
  /** Of the uploaded data, epoch ms: it may be years old. */
  readonly startMs: number;
  readonly values: Readonly<Record<string, Json>>;
  /** The upload is not open to whoever reads here: `values` say whose it is, and nothing else. */
  readonly withheld?: true;
}

export interface LabelQuery {
  /** Datasets on a page. */
  readonly limit: number;
  /** From 0. */
  readonly page?: number;
  /** To save bytes; the first is one that every dataset has: a dataset with none of them is left out. Without any, all labels are read. */
  readonly include?: readonly string[];
  /** Exact in value and type; a dataset that lacks the label is left out. */
  readonly filter?: Readonly<Record<string, Json>>;
  /** Only datasets whose data begin later. */
  readonly afterMs?: number;
  readonly oldestFirst?: boolean;
}

/** One dataset with the labels that a view shows. */
export interface ViewedDataset {
  readonly id: number;
  readonly ordinal: number;
  /** View component id → label → value. */
  readonly view: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

export interface ViewComponent {
  readonly id: number;
  readonly title: string;
  readonly order: number;
  readonly labels: readonly string[];
}

export interface View {
  readonly id: number;
  readonly name: string;
  readonly components: readonly ViewComponent[];
}

/** Horreum's verdict on one variable. `experimentValue` and `baselineValue` may be NaN. */
export interface VariableComparison {
  readonly overall: 'BETTER' | 'SAME' | 'WORSE';
  readonly experimentValue: number;
  readonly baselineValue: number;
}

/** What the test compares: its variables, the tolerated change, and which way is good. */
export interface ExperimentProfile {
  readonly id: number;
  readonly name: string;
  readonly comparisons: readonly {
    readonly variableName: string;
    /** A fraction: 0.1 is 10 %. */
    readonly threshold?: number;
    readonly greaterBetter?: boolean;
  }[];
  /** Labels that its selector looks at; a dataset with none of them is not compared. */
  readonly selectorLabels?: readonly string[];
  /** JavaScript: whether a dataset is compared. */
  readonly selectorFilter?: string;
}

/** One experiment profile evaluated for one dataset. */
export interface ExperimentResult {
  /** Absent when no profile matched the dataset. */
  readonly profile?: ExperimentProfile;
  /** Horreum's own remarks, level 3 is an error. */
  readonly logs: readonly { readonly level: number; readonly message: string }[];
  readonly baseline: readonly { readonly runId: number }[];
  /** By variable name. Empty or partial while the datapoints are not there yet. */
  readonly results: Readonly<Record<string, VariableComparison>>;
  /** It was compared with uploads that are not open to whoever reads here. */
  readonly withheld?: true;
}

export interface Variable {
  readonly id: number;
  readonly name: string;
  readonly labels: readonly string[];
  /** Horreum applies a function to the labels: they are not the variable's value. */
  readonly isComputed?: boolean;
}

/** Every method throws UpstreamError; "not there" is undefined or empty, never an error. */
export interface Datastore {
  /** The light description of an upload; undefined while it is not committed, or never will be. */
  getRun(runId: number): Promise<HorreumRun | undefined>;
  /** One entry a dataset, in order of dataset id; undefined for an unknown run. */
  getLabelValues(runId: number): Promise<readonly DatasetLabels[] | undefined>;
  /** Newest upload first; the first page is 1. */
  listRuns(testId: number, limit: number, page?: number): Promise<readonly HorreumRun[]>;
  countRuns(testId: number): Promise<number>;
  /** What the uploader put beside the data, e.g. the build's URL; always a list. */
  getMetadata(runId: number): Promise<readonly Json[]>;
  /** Sorted by ordinal. */
  listDatasets(runId: number, viewId: number | undefined): Promise<readonly ViewedDataset[]>;
  listViews(testId: number): Promise<readonly View[]>;
  /** Cheap, whatever the test's size. */
  listProfiles(testId: number): Promise<readonly ExperimentProfile[]>;
  /**
   * Empty when a profile matches but has no baseline. Costs Horreum a JavaScript engine for every dataset of the test, also
   * after the caller has hung up, and may fire its hooks again.
   */
  evaluateExperiments(runId: number, datasetId: number): Promise<readonly ExperimentResult[]>;
  listVariables(testId: number): Promise<readonly Variable[]>;
  /** Datasets of a test, newest first (by the data's start, then by upload). Shows only labels ticked as filtering or metrics. */
  testLabelValues(testId: number, query: LabelQuery): Promise<readonly DatasetLabels[]>;
  /** Uploads of a test in which a dataset has exactly this label value, newest first. */
  runsLabelled(testId: number, label: string, value: string): Promise<readonly number[]>;
  /** Links for people. */
  runUrl(runId: number): string;
}
