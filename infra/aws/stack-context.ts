/** What an operator may choose at `cdk deploy -c …`: the choices that change the template itself. */
import { Fn } from 'aws-cdk-lib';
import { Port, SecurityGroup, Peer, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { LabNetwork } from './bot-function.ts';

/** `stackName`, for more than one bot in an account and region; it is also what the secrets' names begin with. */
export function stackNameFrom(scope: Construct): string {
  return text(scope, 'stackName') ?? 'perf-bot';
}

/** `publicUrl`: where the bot is reached when a domain of your own stands before the API. */
export function publicUrlFrom(scope: Construct): string | undefined {
  const url = text(scope, 'publicUrl');
  if (url && !/^https:\/\/[^\s/]+(\/\S*)?$/.test(url))
    throw new Error(`Context publicUrl must be an https URL, not "${url}"`);
  return url?.replace(/\/+$/, '');
}

/** `vpcId` and `subnetIds` (comma-separated, private, with a route to the internet), optionally `securityGroupIds`. Nothing is looked up at synth. */
export function labNetworkFrom(scope: Construct): LabNetwork | undefined {
  const [vpcId, subnetIds] = [text(scope, 'vpcId'), list(scope, 'subnetIds')];
  if (!vpcId && subnetIds.length === 0) return undefined;
  if (!vpcId || subnetIds.length === 0)
    throw new Error('Context vpcId and subnetIds belong together: give both or none');

  const vpc = Vpc.fromVpcAttributes(scope, 'LabVpc', { vpcId, availabilityZones: Fn.getAzs() });
  const subnets = subnetIds.map((id) => Subnet.fromSubnetId(scope, id, id));
  const given = list(scope, 'securityGroupIds').map((id) =>
    SecurityGroup.fromSecurityGroupId(scope, id, id, { mutable: false }),
  );
  return { vpc, subnets: { subnets }, securityGroups: given.length > 0 ? given : [outboundOnly(scope, vpc)] };
}

/** `labCaSecretArn`: the secret (plain text, PEM) with the certificate authority of a private lab. */
export function labCaSecretFrom(scope: Construct): ISecret | undefined {
  const arn = text(scope, 'labCaSecretArn');
  return arn ? Secret.fromSecretCompleteArn(scope, 'LabCa', arn) : undefined;
}

/** Nobody calls a worker. It calls AWS and GitHub by HTTPS, and a lab on whatever port that has. */
function outboundOnly(scope: Construct, vpc: LabNetwork['vpc']): SecurityGroup {
  const group = new SecurityGroup(scope, 'Workers', {
    vpc,
    description: 'Perf Bot workers: outbound only',
    allowAllOutbound: false,
  });
  group.addEgressRule(Peer.anyIpv4(), Port.allTcp(), 'AWS, GitHub, PerfLab, Horreum');
  return group;
}

function text(scope: Construct, name: string): string | undefined {
  const value: unknown = scope.node.tryGetContext(name);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new Error(`Context ${name} must be a string`);
  return value;
}

function list(scope: Construct, name: string): string[] {
  return (text(scope, name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
