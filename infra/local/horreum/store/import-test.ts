/** Imports schemas, tests, views and profiles as Horreum exports them; files of a real Horreum load unchanged. */
import { asText } from './read-value.ts';
import type {
  Action,
  Comparison,
  Extractor,
  JsonObject,
  Profile,
  Schema,
  Store,
  Test,
  Transformer,
  Variable,
  View,
} from './store.ts';

type Rows = readonly JsonObject[];

export function importSchema(store: Store, file: JsonObject): Schema {
  const uri = asText(file['uri']);
  const known = [...store.schemas.values()].find((schema) => schema.uri === uri);
  const schema: Schema = {
    id: known?.id ?? store.nextId('schema'),
    uri,
    name: asText(file['name'], uri),
    labels: rows(file['labels']).map((label) => ({
      id: store.nextId('label'),
      name: asText(label['name']),
      extractors: toExtractors(label['extractors']),
      function: textOrNull(label['function']) ?? undefined,
      filtering: label['filtering'] !== false,
      metrics: label['metrics'] !== false,
    })),
  };
  store.schemas.set(schema.id, schema);
  return schema;
}

/** Variables, profiles and actions come with the test; imported actions need no allowed site. */
export function importTest(store: Store, file: JsonObject): Test {
  const test: Test = {
    id: store.nextId('test'),
    name: asText(file['name']),
    owner: asText(file['owner'], 'dev-team'),
    access: file['access'] === 'PRIVATE' || file['access'] === 'PROTECTED' ? file['access'] : 'PUBLIC',
    description: textOrNull(file['description']) ?? '',
    transformers: rows(file['transformers']).map((row) => toTransformer(store, row)),
    notificationsEnabled: file['notificationsEnabled'] !== false,
  };
  store.tests.set(test.id, test);
  const variableIds = new Map(
    rows(file['variables']).map((row) => [Number(row['id']), importVariable(store, test.id, row).id]),
  );
  for (const row of rows(file['experiments']))
    importProfile(store, test.id, withVariableIds(row, variableIds));
  for (const row of rows(file['actions'])) {
    const action = toAction(row, test.id, store.nextId('action'));
    store.actions.set(action.id, action);
  }
  return test;
}

function importVariable(store: Store, testId: number, row: JsonObject): Variable {
  const variable: Variable = {
    id: store.nextId('variable'),
    testId,
    name: asText(row['name']),
    group: textOrNull(row['group']),
    order: Number(row['order'] ?? 0),
    labels: texts(row['labels']),
    calculation: textOrNull(row['calculation']) ?? undefined,
    changeDetection: rows(row['changeDetection']).map((detection) => ({
      id: store.nextId('detection'),
      model: asText(detection['model']),
      config: (detection['config'] ?? {}) as JsonObject,
    })),
  };
  store.variables.set(variable.id, variable);
  return variable;
}

function withVariableIds(row: JsonObject, ids: ReadonlyMap<number, number>): JsonObject {
  const comparisons = rows(row['comparisons']).map((item) => ({
    ...item,
    variableId: ids.get(Number(item['variableId'])) ?? 0,
  }));
  return { ...row, comparisons };
}

export function importProfile(store: Store, testId: number, row: JsonObject): Profile {
  const given = Number(row['id'] ?? 0);
  const profile: Profile = {
    id: store.profiles.get(given)?.testId === testId ? given : store.nextId('profile'),
    name: asText(row['name']),
    testId,
    selectorLabels: texts(row['selectorLabels']),
    selectorFilter: textOrNull(row['selectorFilter']),
    baselineLabels: texts(row['baselineLabels']),
    baselineFilter: textOrNull(row['baselineFilter']),
    comparisons: rows(row['comparisons']).map((item): Comparison => {
      const variableId = Number(item['variableId']);
      const variableName = store.variables.get(variableId)?.name ?? asText(item['variableName']);
      return {
        model: asText(item['model']),
        config: (item['config'] ?? {}) as JsonObject,
        variableId,
        variableName,
      };
    }),
    extraLabels: Array.isArray(row['extraLabels']) ? texts(row['extraLabels']) : null,
  };
  store.profiles.set(profile.id, profile);
  return profile;
}

export function importView(store: Store, row: JsonObject): View {
  const testId = Number(row['testId']);
  const given = Number(row['id'] ?? 0);
  const view: View = {
    id: store.views.get(given)?.testId === testId ? given : store.nextId('view'),
    name: asText(row['name']),
    testId,
    components: rows(row['components']).map((component, index) => ({
      id: store.nextId('component'),
      headerOrder: Number(component['headerOrder'] ?? index),
      headerName: asText(component['headerName']),
      labels: texts(component['labels']),
      render: textOrNull(component['render']) ?? '',
    })),
  };
  store.views.set(view.id, view);
  return view;
}

function toTransformer(store: Store, row: JsonObject): Transformer {
  return {
    id: store.nextId('transformer'),
    name: asText(row['name']),
    schemaUri: asText(row['schemaUri']),
    targetSchemaUri: textOrNull(row['targetSchemaUri']),
    extractors: toExtractors(row['extractors']),
    function: textOrNull(row['function']),
  };
}

function toExtractors(value: unknown): Extractor[] {
  return rows(value).map((row) => ({
    name: asText(row['name']),
    jsonpath: asText(row['jsonpath']),
    isarray: row['isarray'] === true,
  }));
}

function rows(value: unknown): Rows {
  return Array.isArray(value) ? (value as Rows) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function toAction(body: JsonObject, testId: number, id: number): Action {
  return {
    id,
    event: asText(body['event']),
    type: asText(body['type'], 'http'),
    config: (body['config'] as JsonObject | undefined) ?? {},
    testId,
    active: body['active'] !== false,
    runAlways: body['runAlways'] === true,
    secrets: {},
  };
}
