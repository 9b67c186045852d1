/** Whose an upload is, read from Horreum itself: of many open runs only that one need be looked at. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from './bot-deps.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { labelTexts, RUN_KEY_LABEL } from './match-upload.ts';

export type RunOfUpload =
  | { readonly kind: 'named'; readonly runKey: string }
  /** Its labels are not computed, or Horreum does not answer. */
  | { readonly kind: 'not-yet' }
  /** It bears no run's name: anybody's. */
  | { readonly kind: 'unnamed' };

export async function runOfUpload(
  deps: BotDeps,
  project: ProjectConfig,
  horreumRunId: number,
): Promise<RunOfUpload> {
  try {
    const labels = await (await deps.datastoreOf(project)).getLabelValues(horreumRunId);
    if (!labels?.some(({ values }) => Object.keys(values).length > 0)) return { kind: 'not-yet' };
    const [attemptKey] = labelTexts({ labels }, RUN_KEY_LABEL);
    if (attemptKey === undefined) return { kind: 'unnamed' };
    return { kind: 'named', runKey: attemptKey.replace(/-\d+$/, '') };
  } catch (error) {
    if (error instanceof UpstreamError) return { kind: 'not-yet' };
    throw error;
  }
}
