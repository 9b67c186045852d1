/** One page that shows how the bot fares. */
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { BotMetrics } from './bot-metrics.ts';

export interface BotDashboardProps {
  readonly metrics: BotMetrics;
}

export class BotDashboard extends Construct {
  constructor(scope: Construct, id: string, { metrics }: BotDashboardProps) {
    super(scope, id);
    const { requests, refusedRequests, failedRequests, deadLetters, oldestMessageSeconds } = metrics;
    new Dashboard(this, 'Dashboard', {
      widgets: [
        [
          graph('Requests', [requests, refusedRequests, failedRequests]),
          graph('Wrong signatures and tokens', [metrics.signatureFailures]),
        ],
        [
          graph('Oldest message, seconds', Object.values(oldestMessageSeconds)),
          graph('Dead letters', [deadLetters]),
        ],
        [graph('Errors', metrics.errorsByFunction), graph('Slowest 1 %, ms', metrics.slowestMsByFunction)],
        [
          graph('Runs past their deadline', [metrics.runsPastDeadline]),
          graph('Sweeps and throttled calls', [metrics.sweeps, metrics.throttles]),
        ],
      ],
    });
  }
}

const graph = (title: string, left: readonly IMetric[]) =>
  new GraphWidget({ title, left: [...left], width: 12, height: 6 });
