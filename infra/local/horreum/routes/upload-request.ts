/** Reads an upload: JSON, or a form with the files `data` and `metadata`; times, test and owner come from the query, where a path may point into the data. */
import type { StandInAnswer } from '../../stand-in/calls.ts';
import { asText, epochMs } from '../store/read-value.ts';
import type { HorreumAccess, Json } from '../../../../lib/horreum/datastore.ts';
import { hasRole, type Caller } from '../api/callers.ts';
import { schemaOf } from '../compute/compute-labels.ts';
import { empty, text } from '../api/http-answer.ts';
import { queryJsonPath } from '../compute/json-path.ts';
import type { Call } from '../api/router.ts';
import type { Run, Store, Test } from '../store/store.ts';

/** The run to be, without its id; or why it is refused. */
export type ReadUpload =
  | { readonly kind: 'run'; readonly run: Omit<Run, 'id'> }
  | { readonly kind: 'refused'; readonly answer: StandInAnswer };

class Refused extends Error {
  readonly answer: StandInAnswer;
  constructor(answer: StandInAnswer) {
    super(String(answer.body ?? answer.status));
    this.answer = answer;
  }
}

export async function readUpload(store: Store, call: Call): Promise<ReadUpload> {
  try {
    return { kind: 'run', run: await read(store, call) };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', answer: error.answer };
    throw error;
  }
}

async function read(store: Store, call: Call): Promise<Omit<Run, 'id'>> {
  const { query, caller } = call;
  const access = readAccess(query.get('access'));
  const { data: sent, metadata } = await readBody(call);
  const schemaUri = query.get('schema');
  const data = schemaUri && !schemaOf(store, sent) ? withSchema(sent, schemaUri) : sent;
  const startMs = readTime(query, 'start', data);
  const stopMs = readTime(query, 'stop', data);
  const test = readTest(store, pointed(query.get('test'), data), caller);
  const owner = readOwner(query.get('owner'), caller);
  const description = pointed(query.get('description'), data);
  return {
    testId: test.id,
    access,
    owner,
    startMs,
    stopMs,
    description: typeof description === 'string' && description !== '' ? description : null,
    data,
    metadata,
    trashed: false,
  };
}

/** The framework takes a value outside the enum for a path that does not exist. */
function readAccess(value: string | null): HorreumAccess {
  const access = value ?? 'PRIVATE';
  if (access !== 'PUBLIC' && access !== 'PROTECTED' && access !== 'PRIVATE') throw new Refused(empty(404));
  return access;
}

async function readBody(call: Call): Promise<{ data: Json; metadata: readonly Json[] | null }> {
  const contentType = call.headers['content-type'] ?? '';
  if (!contentType.startsWith('multipart/form-data')) return { data: parseJson(call.body), metadata: null };
  const form = await new Response(new Uint8Array(call.bytes), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined);
  const data = await partText(form?.get('data'));
  if (data === undefined) throw new Refused(text(400, 'No data!'));
  const metadataText = await partText(form?.get('metadata'));
  const metadata = metadataText === undefined ? null : parseJson(metadataText);
  return {
    data: parseJson(data),
    metadata:
      metadata === null || Array.isArray(metadata) ? (metadata as readonly Json[] | null) : [metadata],
  };
}

async function partText(part: ReturnType<FormData['get']> | undefined): Promise<string | undefined> {
  return part === null || part === undefined || typeof part === 'string' ? (part ?? undefined) : part.text();
}

function parseJson(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    const cause =
      body.trim() === ''
        ? 'No content to map due to end-of-input'
        : 'Unexpected end-of-input within/between Object entries';
    throw new Refused(
      text(400, `Could not map incoming data to JsonNode: ${cause}\n at [Source: REDACTED; line: 1]`),
    );
  }
}

function withSchema(data: Json, uri: string): Json {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? { $schema: uri, ...data } : data;
}

function readTime(query: URLSearchParams, name: 'start' | 'stop', data: Json): number {
  const given = query.get(name);
  const found = pointed(given, data);
  const timeMs = epochMs(found);
  if (timeMs === undefined) {
    const path = given?.startsWith('$') ? ` (${given})` : '';
    throw new Refused(text(400, `Cannot parse ${name} time from ${JSON.stringify(found) ?? 'null'}${path}`));
  }
  return timeMs;
}

/** `$.a.b` is what stands there in the data; other text is itself. */
function pointed(value: string | null, data: Json): Json {
  if (value === null || !value.startsWith('$.')) return value;
  return queryJsonPath(data, value)[0] ?? null;
}

function readTest(store: Store, nameOrId: Json, caller: Caller): Test {
  const wanted = asText(nameOrId);
  const test = [...store.tests.values()].find(({ id, name }) => name === wanted || String(id) === wanted);
  if (test && hasRole(caller, test.owner.replace(/-team$/, '-uploader'))) return test;
  throw new Refused(
    text(400, `Cannot upload to test ${wanted}, either it does not exist or user is not an uploader`),
  );
}

/** Without an owner: the one team that the caller may upload for. */
function readOwner(given: string | null, caller: Caller): string {
  const teams =
    caller.kind === 'user' ? caller.roles.flatMap((role) => /^(.+)-uploader$/.exec(role)?.[1] ?? []) : [];
  const owner = given ?? (teams.length === 1 ? `${teams[0]}-team` : undefined);
  if (owner === undefined)
    throw new Refused(text(400, 'Missing owner and cannot select single default owners'));
  if (teams.some((team) => owner === `${team}-team`)) return owner;
  throw new Refused(text(400, `This user does not have permissions to upload run for owner=${owner}`));
}
