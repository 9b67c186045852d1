/** The local world with a relay before each system that the bot calls: fixed delays, every call kept. */
import { startEmbeddedStores } from '../../infra/local/stores/embedded-stores.ts';
import {
  startLocalWorld,
  type LocalWorld,
  type LocalWorldOptions,
} from '../../infra/local/scene/local-world.ts';
import { startRelay, type Relay } from './start-relay.ts';

export const SYSTEMS = ['github', 'jenkins', 'horreum', 'dynamodb', 'sqs'] as const;
export type System = (typeof SYSTEMS)[number];

export interface MeteredWorld {
  readonly world: LocalWorld;
  readonly relays: Readonly<Record<System, Relay>>;
  close(): Promise<void>;
}

/** About what a call takes where the real ones run: GitHub over the internet, a lab in the same country, AWS next door. */
export const USUAL_DELAYS_MS: Readonly<Record<System, number>> = {
  github: 80,
  jenkins: 40,
  horreum: 40,
  dynamodb: 4,
  sqs: 5,
};

export async function startMeteredWorld(
  delaysMs: Readonly<Record<System, number>>,
  options: LocalWorldOptions = {},
): Promise<MeteredWorld> {
  const stores = await startEmbeddedStores(undefined);
  const relays = {
    github: await startRelay({ delayMs: delaysMs.github }),
    jenkins: await startRelay({ delayMs: delaysMs.jenkins }),
    horreum: await startRelay({ delayMs: delaysMs.horreum }),
    dynamodb: await startRelay({
      delayMs: delaysMs.dynamodb,
      target: stores.dynamoDbUrl,
    }),
    sqs: await startRelay({ delayMs: delaysMs.sqs, target: stores.sqsUrl }),
  };
  const world = await startLocalWorld({
    ...options,
    variables: {
      GITHUB_API_URL: relays.github.url,
      JENKINS_URL: relays.jenkins.url,
      HORREUM_URL: relays.horreum.url,
      AWS_ENDPOINT_URL_DYNAMODB: relays.dynamodb.url,
      AWS_ENDPOINT_URL_SQS: relays.sqs.url,
      AWS_ACCESS_KEY_ID: stores.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: stores.credentials.secretAccessKey,
      SWEEP_INTERVAL_SECONDS: '60', // as on AWS
      ...options.variables,
    },
  });
  relays.github.target = world.github.url;
  relays.jenkins.target = world.jenkins.url;
  relays.horreum.target = world.horreum.url;
  return {
    world,
    relays,
    async close() {
      await world.close();
      await Promise.all(Object.values(relays).map((relay) => relay.close()));
      await stores.close();
    },
  };
}
