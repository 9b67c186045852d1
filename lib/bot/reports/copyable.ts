/** Commands as somebody can copy them: quoted where the parser wants it, the run named where it would ask which. */
import { shortKey } from '../runs/run-key.ts';
import { code } from './markdown.ts';

export interface CommandVoice {
  readonly prompt: string;
  /** The run that a command is meant for, where there are several. */
  readonly runKey?: string | undefined;
}

export function commandFor(
  { prompt, runKey }: CommandVoice,
  command: 'rerun' | 'recheck' | 'cancel',
): string {
  return code(`${prompt} ${command}${runKey === undefined ? '' : ` ${shortKey(runKey)}`}`);
}

/** A name as one word of a command line. */
export function asArgument(name: string): string {
  if (/^[\w.:/%-]+$/.test(name)) return name;
  const line = name.replace(/\s+/g, ' ');
  if (!line.includes('"')) return `"${line}"`;
  return line.includes("'") ? `"${line.replaceAll('"', '')}"` : `'${line}'`;
}
