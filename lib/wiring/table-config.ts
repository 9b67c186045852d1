/** How the SDK reaches the table, with all said that it would otherwise look up. */
import { credentialsFromEnvironment } from '../aws/aws-call.ts';
import type { BotEnvironment } from './environment.ts';

export function tableConfig({ variables }: BotEnvironment) {
  const region = variables['AWS_REGION'] ?? 'us-east-1';
  return {
    region,
    endpoint:
      variables['AWS_ENDPOINT_URL_DYNAMODB'] ||
      variables['AWS_ENDPOINT_URL'] ||
      `https://dynamodb.${region}.amazonaws.com`,
    credentials: () => Promise.resolve(credentialsFromEnvironment(variables)),
    ...SAID_HERE,
  };
}

/** What the SDK would otherwise look up in ~/.aws at the first call, where a function has no such files. */
const SAID_HERE = {
  defaultsMode: 'standard',
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  accountIdEndpointMode: 'disabled',
  authSchemePreference: () => Promise.resolve(['sigv4']),
  disableClockSkewCorrection: false,
  endpointDiscoveryEnabled: false,
  userAgentAppId: () => Promise.resolve(undefined),
} as const;
