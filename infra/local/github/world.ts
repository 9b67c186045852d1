/** What routes and acts share: the memory and the sender of webhooks. */
import type { RateLimits } from './rate-limits.ts';
import type { GitHubState } from './state.ts';
import type { Webhooks } from './webhooks.ts';

export interface World {
  readonly state: GitHubState;
  readonly webhooks: Webhooks;
  readonly rateLimits: RateLimits;
}
