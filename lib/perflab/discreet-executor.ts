/** A lab whose words hold no secret that the bot knows, and nothing that looks like one: struck before anything is cut. */
import { redactEcho } from '../http/redact.ts';
import type { JobExecutor, PlatformState, StartResult } from './job-executor.ts';
import { lastBytes } from './log-text.ts';

/** So many times the bytes that are kept are looked at, so that no secret begins before them. */
const LOOKED_AT = 4;

/** `secrets`: each key and token that the project and the bot have, and `user:token` where a login is made of it. */
export function discreet(executor: JobExecutor, secrets: readonly string[]): JobExecutor {
  const strike = (text: string) => redactEcho(text, secrets);
  return {
    ...executor,
    startJob: async (request) => withoutSecrets(await executor.startJob(request), strike),
    getJobStatus: async (request, ref) =>
      stateWithoutSecrets(await executor.getJobStatus(request, ref), strike),
    async logTail(request, ref, maxBytes) {
      const text = await executor.logTail(request, ref, LOOKED_AT * maxBytes);
      return text === undefined ? undefined : lastBytes(strike(text), maxBytes);
    },
  };
}

function withoutSecrets(result: StartResult, strike: (text: string) => string): StartResult {
  if (result.kind !== 'accepted') return { ...result, message: strike(result.message) };
  return result.warning === undefined ? result : { ...result, warning: strike(result.warning) };
}

function stateWithoutSecrets(state: PlatformState, strike: (text: string) => string): PlatformState {
  const { reason, stage } = state;
  return {
    ...state,
    ...(reason === undefined ? {} : { reason: strike(reason) }),
    ...(stage === undefined ? {} : { stage: strike(stage) }),
  };
}
