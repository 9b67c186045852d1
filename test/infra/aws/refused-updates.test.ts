/** The stack of each earlier version can be updated to this one: nothing is refused, and nothing that is kept is thrown away. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixtureDir, VERSIONS } from '../../upgrades/fixture.ts';
import { refusedUpdates, type StackTemplate } from './refused-updates.ts';
import { synthesize } from './synthesize.ts';

const now = synthesize().template.toJSON() as StackTemplate;
const templateOf = (version: string) =>
  JSON.parse(readFileSync(join(fixtureDir(version), 'template.json'), 'utf8')) as StackTemplate;

test.each(VERSIONS)('the stack of %s can be updated to this one', (version) => {
  expect(refusedUpdates(templateOf(version), now)).toEqual([]);
});

describe('a change', () => {
  const idOf = (type: string) =>
    Object.keys(now.Resources).find((id) => now.Resources[id]?.Type === type) ?? `there is no ${type}`;
  /** The present template with another text in place of one. */
  const withText = (from: string, to: string): StackTemplate => {
    const text = JSON.stringify(now);
    expect(text).toContain(from);
    return JSON.parse(text.replaceAll(from, to)) as StackTemplate;
  };
  const table = idOf('AWS::DynamoDB::GlobalTable');
  type Table = Record<'GlobalSecondaryIndexes' | 'AttributeDefinitions', unknown[]>;

  test.each([
    ['AWS::DynamoDB::GlobalTable', 'table'],
    ['AWS::SecretsManager::Secret', 'secret'],
    ['AWS::SQS::Queue', 'queue'],
    ['AWS::ApiGatewayV2::Api', 'API'],
    ['AWS::ApiGatewayV2::Route', 'route'],
    ['AWS::Lambda::EventSourceMapping', 'event source'],
  ])('of the id of a %s is found', (type) => {
    const id = idOf(type);
    expect(refusedUpdates(now, withText(`"${id}"`, '"Another"'))).toContain(`${type} ${id} is gone`);
  });

  test.each([
    ['the name of a secret', '"perf-bot/webhook"', '"perf-bot/hook"'],
    ['the key of the table', '"pk"', '"key"'],
    ['the projection of an index', '"KEYS_ONLY"', '"ALL"'],
    ['the attribute that ends an item', '"expiresAtSeconds"', '"ends"'],
    ['the key of an index', '"openProjectKey"', '"openKey"'],
    ['the name of a parameter', '"WorkerMemoryMb"', '"Memory"'],
    ['the name of an output', '"TableName"', '"Table"'],
  ])('of %s is found', (_what, from, to) => {
    expect(refusedUpdates(now, withText(from, to))).not.toEqual([]);
  });

  test('that adds an index beside the old ones passes, and cannot be taken back', () => {
    const next = JSON.parse(JSON.stringify(now)) as StackTemplate;
    const properties = next.Resources[table]?.Properties as unknown as Table;
    properties.AttributeDefinitions.push({ AttributeName: 'team', AttributeType: 'S' });
    properties.GlobalSecondaryIndexes.push({
      IndexName: 'by-team',
      KeySchema: [{ AttributeName: 'team', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    });
    expect(refusedUpdates(now, next)).toEqual([]);
    expect(refusedUpdates(next, now).join('\n')).toContain('by-team');
  });

  test('of memory, code and time-outs passes', () => {
    const next = JSON.parse(JSON.stringify(now)) as StackTemplate;
    for (const { Type, Properties } of Object.values(next.Resources))
      if (Type === 'AWS::Lambda::Function')
        Object.assign(Properties as object, { MemorySize: 4096, Code: {}, Timeout: 1 });
    expect(refusedUpdates(now, next)).toEqual([]);
  });
});
