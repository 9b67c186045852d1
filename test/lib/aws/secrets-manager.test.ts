/** Secrets Manager as it answers: a stand-in with the rules that a caller without an SDK must keep. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { AwsError, type AwsCall } from '../../../lib/aws/aws-call.ts';
import {
  createProjectSecretStore,
  createSecretReader,
  type SecretReader,
} from '../../../lib/aws/secrets-manager.ts';
import type { ProjectSecretStore } from '../../../lib/bot/projects/project-store.ts';

/** A stand-in: https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html */
class SecretsManagerStandIn {
  readonly secrets = new Map<string, string>();
  readonly waitingForDeletion = new Set<string>();
  readonly operations: string[] = [];
  down = false;

  readonly call: AwsCall = (target, body) => {
    const operation = target.replace('secretsmanager.', '');
    this.operations.push(operation);
    if (this.down) return Promise.reject(new AwsError('no answer', 'NoAnswer', { retryable: true }));
    const id = String(body['SecretId'] ?? body['Name']);
    const refuse = (code: string) =>
      Promise.reject(new AwsError(code, code, { retryable: false, status: 400 }));
    if (this.waitingForDeletion.has(id)) return refuse('InvalidRequestException');
    const isThere = this.secrets.has(id);
    if (operation === 'CreateSecret' ? isThere : !isThere)
      return refuse(isThere ? 'ResourceExistsException' : 'ResourceNotFoundException');
    switch (operation) {
      case 'GetSecretValue':
        return Promise.resolve({ SecretString: this.secrets.get(id) });
      case 'CreateSecret':
      case 'PutSecretValue':
        if (!/^[\w-]{32,64}$/.test(String(body['ClientRequestToken'])))
          return refuse('InvalidParameterException');
        this.secrets.set(id, String(body['SecretString']));
        return Promise.resolve({});
      case 'DeleteSecret':
        if (body['ForceDeleteWithoutRecovery'] !== true) this.waitingForDeletion.add(id);
        this.secrets.delete(id);
        return Promise.resolve({});
      default:
        return refuse('UnknownOperationException');
    }
  };
}

let aws: SecretsManagerStandIn;
let nowMs: number;
let read: SecretReader;
let store: ProjectSecretStore;
beforeEach(() => {
  aws = new SecretsManagerStandIn();
  nowMs = 0;
  read = createSecretReader(aws.call, () => nowMs);
  store = createProjectSecretStore(aws.call, read, 'perf-bot/projects/');
});

describe('a secret that is read', () => {
  test.each<[string | undefined, Record<string, string>]>([
    [
      '{"appId":123,"privateKey":"PEM","none":null,"list":["a"]}',
      { appId: '123', privateKey: 'PEM', list: '["a"]' },
    ],
    ['', {}],
    ['no json', {}],
    ['null', {}],
    ['"text"', {}],
    [undefined, {}],
  ])('%j', async (text, fields) => {
    if (text !== undefined) aws.secrets.set('s', text);
    expect(await read('s')).toEqual(fields);
  });

  test('is read again only after a while, or when somebody will write it', async () => {
    aws.secrets.set('s', '{"a":"1"}');
    expect(await Promise.all([read('s'), read('s')])).toEqual([{ a: '1' }, { a: '1' }]);
    aws.secrets.set('s', '{"a":"2"}');
    expect(await read('s')).toEqual({ a: '1' });
    expect(await read('s', true)).toEqual({ a: '2' });
    aws.secrets.set('s', '{"a":"3"}');
    nowMs += 5 * 60_000;
    expect(await read('s')).toEqual({ a: '3' });
    expect(aws.operations).toHaveLength(3);
  });

  test('is not remembered as absent or unreachable', async () => {
    expect(await read('s')).toEqual({});
    aws.down = true;
    await expect(read('s')).rejects.toThrow('no answer');
    aws.down = false;
    aws.secrets.set('s', '{"a":"1"}');
    expect(await read('s')).toEqual({ a: '1' });
  });
});

describe('a project’s secret', () => {
  test('is made, replaced, removed, and can be made again at once', async () => {
    expect(await store.get('p1')).toEqual({});
    await store.put('p1', { key: 'one' });
    await store.put('p1', { key: 'two' });
    expect(aws.secrets.get('perf-bot/projects/p1')).toBe('{"key":"two"}');
    await store.remove('p1');
    await store.remove('p1');
    expect(aws.secrets.size).toBe(0);
    await store.put('p1', { key: 'three' });
    expect(await store.get('p1', true)).toEqual({ key: 'three' });
  });

  test('a refusal is not taken for an absence', async () => {
    aws.waitingForDeletion.add('perf-bot/projects/p1');
    await expect(store.put('p1', { key: 'x' })).rejects.toMatchObject({ code: 'InvalidRequestException' });
    await expect(store.remove('p1')).rejects.toMatchObject({ code: 'InvalidRequestException' });
    expect(aws.operations).toEqual(['PutSecretValue', 'DeleteSecret']);
  });
});
