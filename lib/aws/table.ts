/** The one table: its keys and indexes, by name. The stack and the local server make it from the same description. */

export const INDEXES = {
  bySubject: { name: 'by-pull-request', hash: 'subjectKey', range: 'createdAtMs' },
  openByProject: { name: 'open-by-project', hash: 'openProjectKey', range: 'createdAtMs' },
  due: { name: 'due', hash: 'dueShard', range: 'dueAtMs' },
  byList: { name: 'by-list', hash: 'listKey', range: 'listSort' },
} as const;

/** DynamoDB's own clean-up is in seconds. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html */
export const TTL_ATTRIBUTE = 'expiresAtSeconds';

/** An index partition takes about 1,000 writes a second; so many share the load. */
export const DUE_SHARDS = 8;

export const keys = {
  run: (runKey: string) => `RUN#${runKey}`,
  subject: (subjectKey: string) => subjectKey,
  claim: (claimKey: string) => `OPEN#${claimKey}`,
  counter: (counterKey: string) => `COUNTER#${counterKey}`,
  durations: (projectId: string, jobId: string) => `DURATIONS#${projectId}#${jobId}`,
  project: (projectId: string) => `PROJECT#${projectId}`,
  projectName: (repoFullName: string) => `NAME#${repoFullName.toLowerCase()}`,
  repository: (repositoryId: number) => `REPOSITORY#${repositoryId}`,
  dead: (messageId: string) => `DEAD#${messageId}`,
  limit: (account: string) => `LIMIT#${account}`,
};
