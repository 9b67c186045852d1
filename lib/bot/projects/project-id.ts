/** The stable name of a project, made from the repository's name when it is first stored and kept when that changes. */
import { shortHash } from '../record/run-key.ts';

export function projectIdOf(repoFullName: string): string {
  return `p${shortHash([repoFullName.toLowerCase()], 15)}`;
}
