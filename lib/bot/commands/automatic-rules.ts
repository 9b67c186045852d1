/** Decides which of a project's automatic rules an event sets off. */
import type { GitHubEvent } from '../../github/events.ts';
import type { JobDef, ProjectConfig } from '../projects/project-config.ts';

export type AutomaticEvent = Extract<GitHubEvent, { kind: 'pull-request' | 'push' }>;
export type AutomaticRule = NonNullable<JobDef['automatic']>[number];

export interface TriggeredRule {
  readonly jobId: string;
  readonly job: JobDef;
  readonly rule: AutomaticRule;
  /** Position of the rule in its job; part of the run's key. */
  readonly index: number;
}

/** Changed paths are not considered yet: reading them may need a call. */
export function rulesSetOffBy(project: ProjectConfig, event: AutomaticEvent): TriggeredRule[] {
  return Object.entries(project.jobs).flatMap(([jobId, job]) =>
    (job.automatic ?? []).flatMap((rule, index) => (fits(rule, event) ? [{ jobId, job, rule, index }] : [])),
  );
}

function fits(rule: AutomaticRule, event: AutomaticEvent): boolean {
  if (event.kind === 'push')
    return rule.on === 'push' && (rule.branches ?? []).some((branch) => matches(branch, event.branch));
  if (event.fromFork) return false;
  switch (rule.on) {
    case 'label':
      return event.action === 'labeled' && event.label !== undefined && event.label === rule.label;
    case 'opened':
      if (event.draft) return false;
      return (
        event.action === 'opened' ||
        event.action === 'ready_for_review' ||
        event.action === 'reopened' ||
        event.action === 'synchronize'
      );
    case 'push':
      return false;
  }
}

export function matchesPaths(rule: AutomaticRule, changed: readonly string[]): boolean {
  return (
    rule.paths === undefined || changed.some((path) => rule.paths?.some((pattern) => matches(pattern, path)))
  );
}

/** `*` stays within a folder, `**` crosses folders. A regular expression would take exponentially longer with every `*`. */
export function matches(pattern: string, text: string): boolean {
  let reached = Array.from({ length: text.length + 1 }, (_, at) => at === 0);
  for (const part of pattern.split(/(\*\*\/?|\*)/).filter((one) => one !== '')) {
    reached = part.startsWith('*') ? afterStars(part, text, reached) : afterLiteral(part, text, reached);
  }
  return reached.at(-1) === true;
}

/** The places of the text that can be reached with this part, from those that can be reached without it. */
function afterStars(stars: string, text: string, reached: readonly boolean[]): boolean[] {
  let isWithin = false;
  return reached.map((isReached, at) => {
    const isBehindFolder = text[at - 1] === '/';
    if (stars === '*' && isBehindFolder) isWithin = false;
    const isReachedNow = isReached || (isWithin && (stars !== '**/' || isBehindFolder));
    isWithin ||= isReached;
    return isReachedNow;
  });
}

function afterLiteral(literal: string, text: string, reached: readonly boolean[]): boolean[] {
  return reached.map(
    (_, at) => at >= literal.length && reached[at - literal.length] === true && text.endsWith(literal, at),
  );
}
