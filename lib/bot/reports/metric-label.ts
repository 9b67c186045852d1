/** Which label holds a metric: the one behind Horreum's variable of that name, else a label of that very name. */
import type { Variable } from '../../horreum/datastore.ts';
import type { JobDef, MetricConfig } from '../projects/project-config.ts';

/** Undefined for a variable that Horreum computes: its labels are not its value. */
export function labelOfMetric(
  name: string,
  variables: readonly Variable[],
  labels: Readonly<Record<string, unknown>>,
): string | undefined {
  const variable = variables.find((known) => known.name === name);
  if (!variable) return name;
  const [label, ...more] = variable.labels;
  const isLabel = label !== undefined && more.length === 0 && variable.isComputed !== true;
  if (isLabel && Object.hasOwn(labels, label)) return label;
  if (Object.hasOwn(labels, name) && !variable.labels.includes(name)) return name;
  return isLabel ? label : undefined;
}

/** The other way round: what the project calls a label, by its variable or by the label itself. */
export function metricOfLabel(
  label: string,
  metrics: JobDef['metrics'] = {},
  variables: readonly Variable[],
): { readonly name: string; readonly configured: MetricConfig | undefined } {
  const names = variables
    .filter(({ labels, isComputed }) => labels.length === 1 && labels[0] === label && isComputed !== true)
    .map(({ name }) => name);
  const name = [...names, label].find((known) => Object.hasOwn(metrics, known));
  return { name: name ?? names[0] ?? label, configured: name === undefined ? undefined : metrics[name] };
}
