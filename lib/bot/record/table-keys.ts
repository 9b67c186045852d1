/** Names every item of the bot's one table: the kind comes first, then the ids. No other file spells a key. */

export const keys = {
  run: (runKey: string) => `RUN#${runKey}`,
  pullRequest: (repositoryId: number, number: number) => `PR#${repositoryId}#${number}`,
  commit: (repositoryId: number, sha: string) => `SHA#${repositoryId}#${sha}`,
  /** The people who joined a run. */
  joins: (runKey: string) => `JOINED#${runKey}`,
  claim: (claimKey: string) => `OPEN#${claimKey}`,
  counter: (counterKey: string) => `COUNTER#${counterKey}`,
  durations: (projectId: string, jobId: string) => `DURATIONS#${projectId}#${jobId}`,
  measured: (projectId: string, jobId: string) => `MEASURED#${projectId}#${jobId}`,
  project: (projectId: string) => `PROJECT#${projectId}`,
  projectName: (repoFullName: string) => `NAME#${repoFullName.toLowerCase()}`,
  repository: (repositoryId: number) => `REPOSITORY#${repositoryId}`,
  dead: (messageId: string) => `DEAD#${messageId}`,
  limit: (account: string) => `LIMIT#${account}`,
};

/** What is counted; `window` is the number of a span of time, such as a minute. */
export const counterKeys = {
  /** `day` in UTC: `2026-11-24`. */
  quota: (projectId: string, personId: number, day: string) => `QUOTA#${projectId}#${personId}#${day}`,
  /** A command that has reached the bot, whichever way it came. */
  handled: (repositoryId: number, commentId: number) => `HANDLED#${repositoryId}#${commentId}`,
  replied: (repositoryId: number, commentId: number) => `REPLY#${repositoryId}#${commentId}`,
  lookForLost: (window: number) => `LOST#${window}`,
  redelivered: (guid: string) => `REDELIVER#${guid}`,
  progress: (installationId: number, span: string, window: number) =>
    `PROGRESS#${installationId}#${span}#${window}`,
  verdictRead: (caller: string, window: number) => `VERDICT#${caller}#${window}`,
};

/** What only one may hold at a time. */
export const claimKeys = {
  /** `where`: the pull request's number or the branch; `what`: a hash of job, parameters and commit. */
  sameRequest: (repositoryId: number, where: string, what: string) => `${repositoryId}#${where}#${what}`,
  /** Who tells people that this command died. */
  deadCommand: (repositoryId: number, commentId: number) => `dead#${repositoryId}#${commentId}`,
};

/** A job's waits are kept beside its durations, under a name that no job has: it holds a space. */
export function waitsOf(jobId: string): string {
  return `${jobId} waits`;
}
