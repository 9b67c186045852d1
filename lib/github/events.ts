/** Defines the deliveries that the bot acts on, cut down to what it needs. Everything else that GitHub sends is ignored at the door. */
import type { Person, RepositoryRef } from './github.ts';

export interface EventOrigin {
  readonly repository: RepositoryRef & { readonly private: boolean };
  readonly installationId: number;
}

export type GitHubEvent = EventOrigin &
  (
    | {
        readonly kind: 'comment';
        readonly number: number;
        /** False for a plain issue, where nothing can be measured. */
        readonly onPullRequest: boolean;
        readonly comment: {
          readonly id: number;
          readonly body: string;
          readonly url: string;
          readonly createdAtMs: number;
        };
        readonly author: Person & { readonly isBot: boolean };
      }
    | {
        readonly kind: 'pull-request';
        readonly action: 'opened' | 'reopened' | 'ready_for_review' | 'synchronize' | 'labeled' | 'closed';
        readonly number: number;
        readonly headSha: string;
        readonly baseRef: string;
        readonly fromFork: boolean;
        readonly draft: boolean;
        readonly label: string | undefined;
        readonly sender: Person;
        /** When GitHub says that it happened, epoch ms. */
        readonly happenedAtMs: number;
      }
    | {
        readonly kind: 'check-button';
        /** `rerun`, `recheck`, `ack`… or `rerequested` for GitHub's own "Re-run". */
        readonly identifier: string;
        readonly runKey: string;
        readonly headSha: string;
        readonly sender: Person & { readonly isBot: boolean };
      }
    | {
        readonly kind: 'push';
        readonly branch: string;
        readonly headSha: string;
        readonly sender: Person;
        readonly changedPaths: readonly string[];
      }
    | { readonly kind: 'platform-run'; readonly displayTitle: string }
  );

/** What GitHub says of installations and repositories as such; it concerns no pull request. */
export type AccountEvent =
  | {
      readonly kind: 'installation';
      readonly action: 'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted';
      readonly installationId: number;
    }
  | {
      readonly kind: 'installation-repositories';
      readonly removed: readonly RepositoryRef[];
    }
  | {
      readonly kind: 'repository';
      readonly action: 'renamed' | 'transferred' | 'deleted' | 'privatized' | 'publicized';
      readonly installationId: number;
      readonly repository: RepositoryRef & { readonly private: boolean };
    };

export type Delivery = GitHubEvent | AccountEvent;
