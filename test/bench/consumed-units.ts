/**
 * The read and write units of a DynamoDB call, computed from the sizes of the items that went over the wire, with what the table's
 * indexes take. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-unit-calculations.html
 */
import type { RelayedCall } from './start-relay.ts';

export interface Units {
  readonly read: number;
  readonly write: number;
}

interface Attribute {
  readonly S?: string;
  readonly N?: string;
  readonly M?: Attributes;
  readonly L?: readonly Attribute[];
}
type Attributes = Readonly<Record<string, Attribute>>;

interface Said {
  readonly Item?: Attributes;
  readonly Attributes?: Attributes;
  readonly Items?: readonly Attributes[];
  readonly ConsistentRead?: boolean;
  readonly Responses?: Readonly<Record<string, readonly Attributes[]>>;
  readonly ConditionExpression?: string;
}

const READ_UNIT_BYTES = 4_096;
const WRITE_UNIT_BYTES = 1_024;

export function unitsOfCall({ target = '', requestText, responseText, status }: RelayedCall): Units {
  const request = JSON.parse(requestText) as Said;
  const response = JSON.parse(responseText || '{}') as Said;
  switch (target.split('.').at(-1) ?? '') {
    case 'GetItem': {
      const units = Math.max(1, Math.ceil(sizeOf(response.Item) / READ_UNIT_BYTES));
      return { read: request.ConsistentRead ? units : units / 2, write: 0 };
    }
    case 'Query': {
      const bytes = (response.Items ?? []).reduce((sum, item) => sum + sizeOf(item), 0);
      return { read: Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) / 2, write: 0 };
    }
    case 'BatchGetItem': {
      const items = Object.values(response.Responses ?? {}).flat();
      const units = items.map((item) => Math.ceil(sizeOf(item) / READ_UNIT_BYTES));
      return { read: units.reduce((sum, one) => sum + one, 0), write: 0 };
    }
    case 'PutItem': {
      const isNew = request.ConditionExpression === 'attribute_not_exists(pk)';
      return { read: 0, write: writeUnits(request.Item, status === 200, isNew ? 'enters' : 'moves') };
    }
    case 'UpdateItem':
      return { read: 0, write: writeUnits(response.Attributes, status === 200, 'stays') };
    case 'DeleteItem':
      return { read: 0, write: 1 };
    default:
      return { read: 0, write: 0 };
  }
}

/** Keys-only indexes of a run that a new record enters, and the one in which a look moves it: a deletion and an insertion. */
const RUN_INDEXES = ['subjectKey', 'openProjectKey', 'dueShard'];
const MOVING_INDEX = 'dueShard';

/** A write whose condition fails costs as much as the item, but no index. */
function writeUnits(
  item: Attributes = {},
  isWritten: boolean,
  inIndexes: 'enters' | 'moves' | 'stays',
): number {
  const own = Math.max(1, Math.ceil(sizeOf(item) / WRITE_UNIT_BYTES));
  if (!isWritten) return own;
  const whole = item['listKey'] === undefined ? 0 : own;
  const entered = RUN_INDEXES.filter((key) => item[key] !== undefined).length;
  const moved = item[MOVING_INDEX] === undefined ? 0 : 2;
  return own + whole + { enters: entered, moves: moved, stays: 0 }[inIndexes];
}

/** What these calls leave in the table: the last state of each item that was written whole. */
export function storedBytes(calls: readonly RelayedCall[]): number {
  const sizes = new Map<string | undefined, number>();
  for (const { target = '', requestText, status } of calls) {
    const { Item } = JSON.parse(requestText) as Said;
    if (target.endsWith('.PutItem') && status === 200) sizes.set(Item?.['pk']?.S, sizeOf(Item));
  }
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function sizeOf(item: Attributes = {}): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

/** A number takes a byte for two digits and one more; lists and maps three bytes and one for each entry. */
function valueBytes({ S, N, M, L }: Attribute): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (M) return 3 + Object.keys(M).length + sizeOf(M);
  if (L) return 3 + L.length + L.reduce((sum, value) => sum + valueBytes(value), 0);
  return 1;
}
