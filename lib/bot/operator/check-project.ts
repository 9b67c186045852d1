/** What is tried before a project is stored; made in the wiring, where the labs and Horreum can be reached. */
import type { Finding } from '../../finding.ts';
import type { ProjectFile } from '../projects/project-schema.ts';

/** Every connection of the file, each finding with its remedy; never throws for what an outside system answers. */
export type CheckProject = (file: ProjectFile, projectId: string) => Promise<readonly Finding[]>;
