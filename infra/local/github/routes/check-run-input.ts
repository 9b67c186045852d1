/** Reads and validates the body of a check run request, with GitHub's limits. */
import { invalid, invalidRequest } from '../api/api-error.ts';
import { optionalString } from '../api/request.ts';
import type { CheckAction, CheckOutput } from '../state/records.ts';

export interface CheckRunInput {
  readonly name: string | undefined;
  readonly externalId: string | undefined;
  readonly detailsUrl: string | undefined;
  readonly status: 'queued' | 'in_progress' | 'completed' | undefined;
  readonly conclusion: string | undefined;
  readonly startedAtMs: number | undefined;
  readonly completedAtMs: number | undefined;
  readonly output: CheckOutput | undefined;
  readonly actions: readonly CheckAction[] | undefined;
}

type Body = Readonly<Record<string, unknown>>;

const STATUSES = ['queued', 'in_progress', 'completed'] as const;
const CONCLUSIONS = ['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'];
const MAX_TEXT_BYTES = 65_535;
const MAX_ACTIONS = 3;
const MAX_ANNOTATIONS = 50;
const MAX_ACTION_CHARACTERS = { label: 20, description: 40, identifier: 20 } as const;

export function readCheckRun(body: Body, kind: 'create' | 'update'): CheckRunInput {
  const conclusion = oneOf(body, 'conclusion', CONCLUSIONS);
  const asked = oneOf(body, 'status', STATUSES) as CheckRunInput['status'];
  const status = conclusion === undefined ? asked : 'completed';
  if (status === 'completed' && conclusion === undefined) {
    throw invalidRequest('For \'properties/status\', completed needs "conclusion".');
  }
  return {
    name: optionalString(body, 'name', 'CheckRun'),
    externalId: optionalString(body, 'external_id', 'CheckRun'),
    detailsUrl: httpUrl(body),
    status,
    conclusion,
    startedAtMs: time(body, 'started_at'),
    completedAtMs: time(body, 'completed_at'),
    output: body['output'] === undefined ? undefined : readOutput(body['output'], kind),
    actions: body['actions'] === undefined ? undefined : readActions(body['actions']),
  };
}

function oneOf(body: Body, field: string, allowed: readonly string[]): string | undefined {
  const value = optionalString(body, field, 'CheckRun');
  if (value !== undefined && !allowed.includes(value)) {
    throw invalidRequest(
      `For 'properties/${field}', "${value}" is not a member of ${JSON.stringify(allowed)}.`,
    );
  }
  return value;
}

function httpUrl(body: Body): string | undefined {
  const url = optionalString(body, 'details_url', 'CheckRun');
  if (url !== undefined && !/^https?:\/\//i.test(url)) {
    throw invalid('CheckRun', 'details_url', 'custom', 'details_url must use the http or https scheme');
  }
  return url;
}

function time(body: Body, field: string): number | undefined {
  const text = optionalString(body, field, 'CheckRun');
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw invalidRequest(`For 'properties/${field}', "${text}" is not a date-time.`);
  return ms;
}

function readOutput(value: unknown, kind: 'create' | 'update'): CheckOutput {
  const output = (value ?? {}) as Body;
  const title = optionalString(output, 'title', 'CheckRun');
  const summary = optionalString(output, 'summary', 'CheckRun');
  const text = optionalString(output, 'text', 'CheckRun');
  if (title === undefined && kind === 'create')
    throw invalidRequest(`For 'properties/output', "title" wasn't supplied.`);
  if (summary === undefined) throw invalidRequest(`For 'properties/output', "summary" wasn't supplied.`);
  for (const [field, words] of Object.entries({ summary, text })) {
    if (words !== undefined && Buffer.byteLength(words) > MAX_TEXT_BYTES) {
      throw invalid('CheckRun', field, 'custom', `${field} exceeds a maximum bytesize of ${MAX_TEXT_BYTES}`);
    }
  }
  const annotations = Array.isArray(output['annotations']) ? output['annotations'].length : 0;
  if (annotations > MAX_ANNOTATIONS) {
    throw invalidRequest(`No more than ${MAX_ANNOTATIONS} items are allowed; ${annotations} were supplied.`);
  }
  return { title: title ?? null, summary, text: text ?? null, annotations };
}

function readActions(value: unknown): CheckAction[] {
  if (!Array.isArray(value)) throw invalidRequest(`For 'properties/actions', it is not an array.`);
  if (value.length > MAX_ACTIONS) {
    throw invalidRequest(`No more than ${MAX_ACTIONS} items are allowed; ${value.length} were supplied.`);
  }
  return value.map((item: unknown) => {
    const action = (item ?? {}) as Body;
    const field = (name: keyof typeof MAX_ACTION_CHARACTERS) => {
      const words = optionalString(action, name, 'CheckRun');
      if (words === undefined) throw invalidRequest(`For 'items', "${name}" wasn't supplied.`);
      const most = MAX_ACTION_CHARACTERS[name];
      if (words.length > most)
        throw invalidRequest(`Only ${most} characters are allowed; ${words.length} were supplied.`);
      return words;
    };
    return { label: field('label'), description: field('description'), identifier: field('identifier') };
  });
}
