/** Where a job's waits are kept beside its durations. */

/** A key of its own: no job's name holds a space. */
export function waitsOf(jobId: string): string {
  return `${jobId} waits`;
}
