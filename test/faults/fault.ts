/** What can go wrong with one outside call, and how the proxy makes it so. */
import type { Place, System } from './places.ts';

/** `before`: the call never takes effect. `after`: it does, and only its answer is lost or another. */
export type When = 'before' | 'after';

export type Fault =
  | { readonly kind: 'reset'; readonly when: When }
  | { readonly kind: 'time-out'; readonly when: When }
  /** The function that called is killed: nothing that it does from then on takes effect. */
  | { readonly kind: 'killed'; readonly when: When }
  | { readonly kind: 'answer'; readonly when: When; readonly as: FaultAnswer }
  /** The true answer, with another body. */
  | { readonly kind: 'mangled'; readonly when: 'after'; readonly mangle: (body: string) => string };

export interface FaultAnswer {
  readonly name: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const status = (code: number, headers: Readonly<Record<string, string>> = {}): FaultAnswer => ({
  name: String(code),
  status: code,
  headers: { 'content-type': 'text/plain', ...headers },
  body: 'made by the fault proxy',
});

const json = (name: string, code: number, body: object, headers: Readonly<Record<string, string>> = {}) => ({
  name,
  status: code,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const awsError = (type: string): FaultAnswer => ({
  name: type,
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({
    __type: `com.amazonaws.dynamodb.v20120810#${type}`,
    message: 'made by the fault proxy',
  }),
});

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const SECONDARY = {
  message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
};

const HTTP_ANSWERS = [status(500), status(502), status(503), status(429, { 'retry-after': '7' })];

const ANSWERS: Readonly<Record<System, readonly FaultAnswer[]>> = {
  github: [
    ...HTTP_ANSWERS,
    json('secondary limit', 403, SECONDARY),
    json('secondary limit with Retry-After', 403, SECONDARY, { 'retry-after': '60' }),
  ],
  jenkins: HTTP_ANSWERS,
  'argo-workflows': HTTP_ANSWERS,
  'argo-cd': HTTP_ANSWERS,
  'github-actions': HTTP_ANSWERS,
  webhook: HTTP_ANSWERS,
  horreum: HTTP_ANSWERS,
  dynamodb: [status(500), status(503), awsError('ProvisionedThroughputExceededException')],
  sqs: [status(500), status(503), awsError('ThrottlingException')],
  secretsmanager: [status(500), status(503), awsError('ThrottlingException')],
};

/** What is to go, goes, whatever it is by now. */
const WITHOUT_CONDITION = ['DeleteItem DEAD', 'DeleteItem PROJECT'];

/** All that can happen to a call of this place. */
export function faultsOf({ system, call }: Place): Fault[] {
  const both = (['before', 'after'] as const).flatMap((when): Fault[] => [
    { kind: 'reset', when },
    { kind: 'killed', when },
    { kind: 'time-out', when },
  ]);
  const isConditional =
    system === 'dynamodb' &&
    /^(PutItem|UpdateItem|DeleteItem) /.test(call) &&
    !WITHOUT_CONDITION.includes(call);
  const answers = [
    ...ANSWERS[system],
    ...(isConditional ? [awsError('ConditionalCheckFailedException')] : []),
  ];
  return [
    ...both,
    ...answers.map((as): Fault => ({ kind: 'answer', when: 'before', as })),
    { kind: 'answer', when: 'after', as: status(500) },
  ];
}

export function faultName(fault: Fault): string {
  return fault.kind === 'answer' ? `${fault.as.name} ${fault.when}` : `${fault.kind} ${fault.when}`;
}
