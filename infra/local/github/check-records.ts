/** Check suites and runs as the stand-in remembers them. */
import type { Repository } from './state.ts';

export interface CheckOutput {
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: number;
}

export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface CheckRun {
  readonly id: number;
  readonly repository: Repository;
  readonly suite: CheckSuite;
  readonly appId: number;
  name: string;
  readonly headSha: string;
  externalId: string;
  detailsUrl: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAtMs: number;
  completedAtMs: number | undefined;
  output: CheckOutput;
  actions: readonly CheckAction[];
}

export interface CheckSuite {
  readonly id: number;
  readonly repository: Repository;
  readonly appId: number;
  readonly headSha: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** A person asked for a new run: queued, whatever the runs in it say, until the next one is created. */
  rerequested: boolean;
}
