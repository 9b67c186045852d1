/**
 * Every place where the bot calls out, by system: the list that the matrix breaks. A call at the socket that fits none of them, or
 * a call in the code that fits none of them, fails a test, so that a new outside call can't stay unbroken.
 */

import type { Platform } from '../../lib/perflab/job-executor.ts';
import { LAB_PLACES } from './lab-places.ts';

export type System = Platform | 'github' | 'horreum' | 'dynamodb' | 'sqs' | 'secretsmanager';

export interface Place {
  readonly system: System;
  /** Method and path with a star for each segment that varies; for AWS the operation and the kind of item, index or queue. */
  readonly call: string;
  /** It creates something at the other side: doing it twice shows. */
  readonly creates?: true;
}

const github = (call: string, creates?: true): Place => ({
  system: 'github',
  call,
  ...(creates && { creates }),
});
const jenkins = (call: string, creates?: true): Place => ({
  system: 'jenkins',
  call,
  ...(creates && { creates }),
});
const horreum = (call: string, creates?: true): Place => ({
  system: 'horreum',
  call,
  ...(creates && { creates }),
});
const dynamodb = (call: string): Place => ({ system: 'dynamodb', call });
const secretsManager = (call: string): Place => ({ system: 'secretsmanager', call });

export const PLACES: readonly Place[] = [
  github('POST /app/installations/*/access_tokens'),
  github('GET /app'),
  github('GET /app/hook/config'),
  github('GET /app/hook/deliveries'),
  github('POST /app/hook/deliveries/*/attempts'),
  github('GET /repos/*/*'),
  github('GET /repos/*/*/pulls/*'),
  github('GET /repos/*/*/pulls/*/files'),
  github('GET /orgs/*/teams/*/memberships/*'),
  github('GET /repos/*/*/collaborators/*/permission'),
  github('GET /repos/*/*/compare/*'),
  github('POST /repos/*/*/issues/comments/*/reactions'),
  github('POST /repos/*/*/issues/*/comments', true),
  github('PATCH /repos/*/*/issues/comments/*'),
  github('GET /repos/*/*/issues/*/comments'),
  github('GET /repos/*/*/issues/comments'),
  github('POST /repos/*/*/check-runs', true),
  github('PATCH /repos/*/*/check-runs/*'),
  github('GET /repos/*/*/commits/*/check-runs'),
  jenkins('POST /job/*/buildWithParameters', true),
  jenkins('GET /job/*/api/json'),
  jenkins('GET /job/*/*/api/json'),
  jenkins('GET /queue/api/json'),
  jenkins('GET /queue/item/*/api/json'),
  jenkins('POST /queue/cancelItem'),
  jenkins('POST /job/*/*/stop'),
  jenkins('POST /job/*/*/term'),
  jenkins('POST /job/*/*/kill'),
  jenkins('GET /job/*/*/logText/progressiveText'),
  jenkins('GET /job/*/*/consoleText'),
  ...LAB_PLACES,
  horreum('GET /api/config/version'),
  horreum('GET /api/user/roles'),
  horreum('GET /api/test/*'),
  horreum('GET /api/experiment/*/profiles'),
  horreum('GET /api/action/test/*'),
  horreum('POST /api/action', true),
  horreum('DELETE /api/action/*'),
  horreum('GET /api/action/allowedSites'),
  horreum('POST /api/action/allowedSites', true),
  horreum('GET /api/log/action/*'),
  horreum('GET /api/run/list/*'),
  horreum('GET /api/run/*/summary'),
  horreum('GET /api/run/*/labelValues'),
  horreum('GET /api/run/*/metadata'),
  horreum('GET /api/dataset/list/byRun/*'),
  horreum('GET /api/ui/*/views'),
  horreum('GET /api/experiment/run'),
  horreum('GET /api/alerting/variables'),
  horreum('GET /api/test/*/labelValues'),
  dynamodb('GetItem RUN'),
  dynamodb('BatchGetItem RUN'),
  dynamodb('PutItem RUN'),
  dynamodb('UpdateItem RUN'),
  dynamodb('GetItem PR'),
  dynamodb('PutItem PR'),
  dynamodb('GetItem OPEN'),
  dynamodb('PutItem OPEN'),
  dynamodb('DeleteItem OPEN'),
  dynamodb('GetItem COUNTER'),
  dynamodb('UpdateItem COUNTER'),
  dynamodb('PutItem COUNTER'),
  dynamodb('GetItem JOINED'),
  dynamodb('PutItem JOINED'),
  dynamodb('GetItem DURATIONS'),
  dynamodb('PutItem DURATIONS'),
  dynamodb('GetItem PROJECT'),
  dynamodb('PutItem PROJECT'),
  dynamodb('DeleteItem PROJECT'),
  dynamodb('GetItem NAME'),
  dynamodb('PutItem NAME'),
  dynamodb('DeleteItem NAME'),
  dynamodb('GetItem REPOSITORY'),
  dynamodb('PutItem REPOSITORY'),
  dynamodb('DeleteItem REPOSITORY'),
  dynamodb('GetItem DEAD'),
  dynamodb('PutItem DEAD'),
  dynamodb('DeleteItem DEAD'),
  dynamodb('GetItem LIMIT'),
  dynamodb('UpdateItem LIMIT'),
  dynamodb('Query by-pull-request'),
  dynamodb('Query open-by-project'),
  dynamodb('Query due'),
  dynamodb('Query by-list'),
  { system: 'sqs', call: 'SendMessage commands', creates: true },
  { system: 'sqs', call: 'SendMessage runs', creates: true },
  { system: 'sqs', call: 'GetQueueAttributes commands' },
  { system: 'sqs', call: 'GetQueueAttributes runs' },
  secretsManager('GetSecretValue'),
  secretsManager('CreateSecret'),
  secretsManager('PutSecretValue'),
  secretsManager('DeleteSecret'),
];

/** Where the code calls out and no scenario does, by file or by file and function, and why the matrix is no poorer for it. */
export const NOT_IN_THE_MATRIX: readonly { readonly where: string; readonly why: string }[] = [
  { where: 'lib/http/outside-call.ts send: httpsRequest', why: 'the same call over TLS' },
  {
    where: 'lib/perflab/argo-workflows/argo-workflows.ts readWorkflow: client.read',
    why: 'the same read without the nodes, where the answer was too long',
  },
  {
    where: 'lib/aws/dynamo-run-store.ts measuredWith: table.get',
    why: 'read like the durations, where a job has parameters that matter',
  },
  {
    where: 'lib/aws/dynamo-run-store.ts addMeasured: table.',
    why: 'written like the durations, at the end of a run of main',
  },
];

export interface SeenCall {
  readonly system: System;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly target: string | undefined;
  readonly body: string;
}

/** The call in the list's words; undefined when the list lacks it. */
export function placeOf(seen: SeenCall): Place | undefined {
  const words = wordsOf(seen);
  return PLACES.find(({ system, call }) => system === seen.system && fits(call, words));
}

/** Labs with one address for several things say in the body which it is. */
const LAB_WORDS: Partial<Record<System, RegExp>> = {
  'argo-cd': /"action":"([\w-]+)"/,
  webhook: /"event":"([\w.]+)"/,
};

export function wordsOf({ system, method, path, target, body }: SeenCall): string {
  const ownWords = LAB_WORDS[system]?.exec(body)?.[1];
  if (ownWords !== undefined) return ownWords;
  if (target === undefined) return `${method} ${path.split('?')[0] ?? ''}`;
  const operation = target.split('.').at(-1) ?? '';
  const input = JSON.parse(body || '{}') as {
    readonly IndexName?: string;
    readonly QueueUrl?: string;
    readonly Key?: { readonly pk?: { readonly S?: string } };
    readonly Item?: { readonly pk?: { readonly S?: string } };
    readonly RequestItems?: Readonly<
      Record<string, { readonly Keys: readonly { readonly pk?: { readonly S?: string } }[] }>
    >;
  };
  if (system === 'secretsmanager') return operation;
  if (system === 'sqs') return `${operation} ${input.QueueUrl?.split('/').at(-1) ?? ''}`;
  const [firstOfMany] = Object.values(input.RequestItems ?? {}).flatMap(({ Keys }) => Keys);
  const key = (input.Key ?? input.Item ?? firstOfMany)?.pk?.S?.split('#')[0] ?? '';
  return `${operation} ${input.IndexName ?? key}`;
}

function fits(call: string, words: string): boolean {
  const wanted = call.split('/');
  const given = words.split('/');
  return (
    wanted.length === given.length && wanted.every((part, index) => part === '*' || part === given[index])
  );
}

export function nameOf({ system, call }: Place): string {
  return `${system} ${call}`;
}
