/** Where the stand-in's ids start: past 32 bits where GitHub's are, so that nobody keeps them in less. */

/** GitHub's ids are long past 32 bits for comments and check runs; so are these. */
const FIRST_IDS = {
  account: 1001,
  repository: 712_000_001,
  installation: 51_000_001,
  issue: 2_600_000_001,
  comment: 3_400_000_001,
  reaction: 310_000_001,
  checkRun: 48_000_000_001,
  checkSuite: 42_000_000_001,
  delivery: 180_000_000_001,
  label: 8_000_000_001,
  commit: 1,
};
export type IdKind = keyof typeof FIRST_IDS;

let standIns = 0;
const INSTALLATIONS_EACH = 1_000;

/**
 * Installations are numbered through all stand-ins of a process, as GitHub numbers them through all accounts: Octokit knows a
 * token that is under way by its installation alone.
 */
export function createIds(): (kind: IdKind) => number {
  const installation = FIRST_IDS.installation + INSTALLATIONS_EACH * standIns++;
  const next = { ...FIRST_IDS, installation };
  return (kind) => next[kind]++;
}
