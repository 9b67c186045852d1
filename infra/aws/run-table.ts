/** The bot's one table: everything it knows, found by key or by one of four indexes, never by a scan. */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
  type GlobalSecondaryIndexPropsV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { IndexName } from './functions.ts';

/**
 * An item that lacks an index's keys is not in it: an ended run leaves `due` and `open-by-project` by dropping them. The runs' indexes hold
 * nothing but keys, so a write that leaves those alone costs nothing there; the record itself is read from the table.
 */
const INDEXES: Readonly<Record<IndexName, Omit<GlobalSecondaryIndexPropsV2, 'indexName'>>> = {
  'by-pull-request': {
    partitionKey: { name: 'subjectKey', type: AttributeType.STRING },
    sortKey: { name: 'createdAtMs', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  },
  'open-by-project': {
    partitionKey: { name: 'openProjectKey', type: AttributeType.STRING },
    sortKey: { name: 'createdAtMs', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  },
  due: {
    partitionKey: { name: 'dueShard', type: AttributeType.STRING },
    sortKey: { name: 'dueAtMs', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  },
  'by-list': {
    partitionKey: { name: 'listKey', type: AttributeType.STRING },
    sortKey: { name: 'listSort', type: AttributeType.STRING },
  },
};

export interface RunTableProps {
  /** What happens to the table when the stack is removed. With anything but RETAIN it is not protected against deletion. */
  readonly removalPolicy: RemovalPolicy;
}

export class RunTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: RunTableProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAtSeconds',
      deletionProtection: props.removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy: props.removalPolicy,
      globalSecondaryIndexes: Object.entries(INDEXES).map(([indexName, index]) => ({ indexName, ...index })),
    });
  }

  indexArn(index: IndexName): string {
    return `${this.table.tableArn}/index/${index}`;
  }
}
