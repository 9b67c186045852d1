/** Names the table's indexes and its clean-up. The local server makes the table from this; a test compares it with the stack's. */

export const INDEXES = {
  bySubject: { name: 'by-pull-request', hash: 'subjectKey', range: 'createdAtMs' },
  openByProject: { name: 'open-by-project', hash: 'openProjectKey', range: 'createdAtMs' },
  due: { name: 'due', hash: 'dueShard', range: 'dueAtMs' },
  byList: { name: 'by-list', hash: 'listKey', range: 'listSort' },
} as const;

/** DynamoDB's own clean-up is in seconds. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html */
export const TTL_ATTRIBUTE = 'expiresAtSeconds';

/** An index partition takes about 1,000 writes a second; these share the load. */
export const DUE_SHARDS = 8;
