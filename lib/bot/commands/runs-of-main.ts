/** Finds main's newest upload for a command, and the earlier ones that were measured as it was. */
import type { Datastore } from '../../horreum/datastore.ts';
import { UserError } from '../record/errors.ts';
import type { JobDef } from '../projects/project-config.ts';
import { comparableRuns, type MainRun } from '../reports/comparable-runs.ts';
import { isMain, mainRule, type Labels } from '../reports/main-history.ts';
import { parametersIn, parametersThatMatter, PARAMETERS_LABEL } from '../reports/measured-with.ts';
import { mainIsWithheld } from '../reports/why-not-compared.ts';
import { readMainRuns } from '../runs/read-main-runs.ts';
import { code } from '../text/markdown.ts';

const MOST_RUNS = 60;
/** Newer uploads of main may be withheld. */
const NEWEST_LOOKED_AT = 10;

/** The newest that may be shown here. */
export async function newestOfMain(datastore: Datastore, testId: number, job: JobDef): Promise<number> {
  const rule = mainRule(job.history);
  const uploads = await readMainRuns(datastore, {
    testId,
    rule,
    include: [rule.label],
    wanted: NEWEST_LOOKED_AT,
    enough: 1,
  });
  const ofMain = uploads.filter((upload) => isMain(upload, rule));
  const newest = ofMain.findLast(({ isWithheld }) => !isWithheld);
  if (newest) return newest.runId;
  if (ofMain.length > 0) throw new UserError(mainIsWithheld(ofMain.length));
  throw new UserError(
    `Horreum test ${testId} has no recognizable run of main. The job’s ${code('history')} says which runs are main’s.`,
  );
}

export interface LikeNewest {
  readonly testId: number;
  readonly job: JobDef;
  /** The labels of main's newest run, by ordinal of its datasets. */
  readonly own: readonly Labels[];
  /** Those whose values are wanted. */
  readonly labels: readonly string[];
}

/** Oldest first. */
export async function runsLikeNewest(
  datastore: Datastore,
  { testId, job, own, labels }: LikeNewest,
): Promise<readonly MainRun[]> {
  const config = job.history;
  const rule = mainRule(config);
  const include = [rule.label, ...labels, ...(config?.environmentLabels ?? []), PARAMETERS_LABEL];
  const wanted = { testId, rule, include: [...new Set(include)], own, wanted: MOST_RUNS, enough: MOST_RUNS };
  const uploads = await readMainRuns(datastore, wanted);
  const parameters = parametersThatMatter(job, { parameters: parametersIn(own), headSha: '' });
  const like = { labels: own, parameters };
  return comparableRuns({ uploads, rule, config, own: like, recorded: new Map() }).runs.slice(-MOST_RUNS);
}
