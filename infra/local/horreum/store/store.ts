/** Holds everything of the stand-in for Horreum in memory, one table for each kind of row. */
import type {
  Action,
  Change,
  Datapoint,
  Dataset,
  LogEntry,
  Profile,
  Run,
  Schema,
  Test,
  Variable,
  View,
} from './rows.ts';

export type * from './rows.ts';

type Kind =
  | 'schema'
  | 'label'
  | 'transformer'
  | 'test'
  | 'variable'
  | 'detection'
  | 'profile'
  | 'view'
  | 'component'
  | 'action'
  | 'site'
  | 'run'
  | 'dataset'
  | 'change'
  | 'error';

export interface Store {
  readonly schemas: Map<number, Schema>;
  readonly tests: Map<number, Test>;
  readonly variables: Map<number, Variable>;
  readonly profiles: Map<number, Profile>;
  readonly views: Map<number, View>;
  readonly actions: Map<number, Action>;
  readonly allowedSites: Map<number, { readonly id: number; readonly prefix: string }>;
  /** Committed runs only. */
  readonly runs: Map<number, Run>;
  readonly datasets: Map<number, Dataset>;
  datapoints: Datapoint[];
  changes: Change[];
  readonly logs: LogEntry[];
  /** A number that is given once: a run that never gets committed keeps its own. */
  nextId(kind: Kind): number;
}

/** `firstTestId` 10 is what a fresh Horreum gives. */
export function createStore(firstTestId: number): Store {
  const last: Partial<Record<Kind, number>> = { test: firstTestId - 1 };
  return {
    schemas: new Map(),
    tests: new Map(),
    variables: new Map(),
    profiles: new Map(),
    views: new Map(),
    actions: new Map(),
    allowedSites: new Map(),
    runs: new Map(),
    datasets: new Map(),
    datapoints: [],
    changes: [],
    logs: [],
    nextId: (kind) => (last[kind] = (last[kind] ?? 0) + 1),
  };
}

export function ofTest<Row extends { readonly testId: number }>(
  rows: ReadonlyMap<number, Row>,
  testId: number,
): Row[] {
  return [...rows.values()].filter((row) => row.testId === testId);
}

/** In order of dataset id. */
export function datasetsOfRun(store: Store, runId: number): Dataset[] {
  return [...store.datasets.values()]
    .filter((dataset) => dataset.runId === runId)
    .sort((a, b) => a.id - b.id);
}
