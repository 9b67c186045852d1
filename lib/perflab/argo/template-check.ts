/** Compares what an Argo template declares with the parameters that the bot sends. */
import { fine, problem, warning, type Finding } from '../../finding.ts';
import { at, listAt, textAt } from '../../json.ts';
import { RUN_PARAMETER, type JobToCheck } from '../job-executor.ts';

export function parameterFindings(
  subject: string,
  template: unknown,
  { parameterNames }: JobToCheck,
): Finding[] {
  const { declared, mustBeSent } = parametersOf(template);
  const unsent = mustBeSent.filter((name) => !parameterNames.includes(name));
  const undeclared = parameterNames.filter((name) => !declared.includes(name));
  const findings: Finding[] = [];
  if (unsent.length > 0) {
    findings.push(
      problem(
        subject,
        `requires ${unsent.join(', ')}, which the bot does not send`,
        'Give it a default value, or add it to the job in the project file.',
      ),
    );
  }
  if (undeclared.length > 0) {
    findings.push(
      warning(
        subject,
        `does not declare ${undeclared.join(', ')}`,
        'Add it to spec.arguments.parameters, or correct the name in the project file.',
      ),
    );
  }
  if (undeclared.includes(RUN_PARAMETER)) {
    findings.push(
      warning(
        subject,
        `can't hand ${RUN_PARAMETER} on to Horreum`,
        `Declare ${RUN_PARAMETER} and put it into the uploaded result.`,
      ),
    );
  }
  return findings.length > 0 ? findings : [fine(subject, `declares all ${parameterNames.length} parameters`)];
}

/** All parameters of a template, and those that must be sent because they have no value. */
function parametersOf(template: unknown): {
  readonly declared: string[];
  readonly mustBeSent: string[];
} {
  const parameters = listAt(template, 'spec', 'arguments', 'parameters');
  const names = (list: readonly unknown[]) => list.flatMap((parameter) => textAt(parameter, 'name') ?? []);
  const open = parameters.filter((one) =>
    ['value', 'default', 'valueFrom'].every((key) => at(one, key) === undefined),
  );
  return { declared: names(parameters), mustBeSent: names(open) };
}
