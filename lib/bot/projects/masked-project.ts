/** A project as it may be shown: the same keys as the file, each secret as stars and where it is kept. */
import type { ProjectConfig } from './project-config.ts';

export function maskedProject(project: ProjectConfig): Record<string, unknown> {
  const { secretNames, labs, ...rest } = project;
  const masked: Record<string, unknown> = { ...rest };
  for (const name of secretNames.filter((secret) => !secret.startsWith('lab:')))
    masked[name] = '*** (in the secret store)';
  if (labs) {
    masked['labs'] = Object.fromEntries(
      Object.entries(labs).map(([labName, lab]) => {
        const own = secretNames
          .filter((name) => name.startsWith(`lab:${labName}:`))
          .map((name) => name.split(':')[2] ?? name);
        return [
          labName,
          { ...lab, ...Object.fromEntries(own.map((name) => [name, '*** (in the secret store)'])) },
        ];
      }),
    );
  }
  return masked;
}
