/** Describes the rows that the stand-in for Horreum keeps. Times are epoch ms. */
import type { HorreumAccess, Json } from '../../../../lib/horreum/datastore.ts';

export type JsonObject = { readonly [key: string]: Json };

export interface Extractor {
  readonly name: string;
  readonly jsonpath: string;
  readonly isarray: boolean;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly extractors: readonly Extractor[];
  /** JavaScript, as in Horreum: `value => value * 2`. */
  readonly function?: string | undefined;
  readonly filtering: boolean;
  readonly metrics: boolean;
}

export interface Schema {
  readonly id: number;
  readonly uri: string;
  readonly name: string;
  readonly labels: readonly Label[];
}

export interface Transformer {
  readonly id: number;
  readonly name: string;
  readonly schemaUri: string;
  readonly targetSchemaUri: string | null;
  readonly extractors: readonly Extractor[];
  readonly function: string | null;
}

export interface Test {
  readonly id: number;
  readonly name: string;
  readonly owner: string;
  readonly access: HorreumAccess;
  readonly description: string;
  readonly transformers: readonly Transformer[];
  notificationsEnabled: boolean;
}

export interface Variable {
  readonly id: number;
  readonly testId: number;
  readonly name: string;
  readonly group: string | null;
  readonly order: number;
  readonly labels: readonly string[];
  readonly calculation?: string | undefined;
  readonly changeDetection: readonly {
    readonly id: number;
    readonly model: string;
    readonly config: JsonObject;
  }[];
}

export interface Comparison {
  readonly model: string;
  readonly config: JsonObject;
  readonly variableId: number;
  readonly variableName: string;
}

export interface Profile {
  readonly id: number;
  readonly name: string;
  readonly testId: number;
  readonly selectorLabels: readonly string[];
  readonly selectorFilter: string | null;
  readonly baselineLabels: readonly string[];
  readonly baselineFilter: string | null;
  readonly comparisons: readonly Comparison[];
  readonly extraLabels: readonly string[] | null;
}

export interface View {
  readonly id: number;
  readonly name: string;
  readonly testId: number;
  readonly components: readonly {
    readonly id: number;
    readonly headerOrder: number;
    readonly headerName: string;
    readonly labels: readonly string[];
    readonly render: string;
  }[];
}

export interface Action {
  readonly id: number;
  readonly event: string;
  readonly type: string;
  readonly config: JsonObject;
  /** -1: fires for every test. */
  readonly testId: number;
  readonly active: boolean;
  readonly runAlways: boolean;
  readonly secrets: JsonObject;
}

export interface Run {
  readonly id: number;
  readonly testId: number;
  readonly access: HorreumAccess;
  readonly owner: string;
  readonly startMs: number;
  readonly stopMs: number;
  readonly description: string | null;
  readonly data: Json;
  readonly metadata: readonly Json[] | null;
  trashed: boolean;
}

export interface Dataset {
  readonly id: number;
  readonly runId: number;
  readonly ordinal: number;
  readonly testId: number;
  readonly data: readonly Json[];
  /** Undefined until they are computed; a label whose function failed has no entry. */
  labels: ReadonlyMap<string, Json> | undefined;
}

export interface Datapoint {
  readonly variableId: number;
  readonly datasetId: number;
  readonly timestampMs: number;
  readonly value: number;
}

export interface Change {
  readonly id: number;
  readonly variableId: number;
  readonly datasetId: number;
  readonly timestampMs: number;
  readonly description: string;
}

export interface LogEntry {
  readonly kind:
    'action' | 'labels' | 'variables' | 'experiment' | 'changes' | 'missingdata' | 'transformation';
  readonly level: 0 | 1 | 2 | 3;
  readonly message: string;
  readonly testId: number;
  readonly datasetId?: number;
  readonly runId?: number;
  /** The enum's name, e.g. `RUN_NEW`. */
  readonly event?: string;
}
