/** The CDK app (`npx cdk synth`, `npx cdk deploy`): bundles the functions as they are now, then describes the stack. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions, DIST_DIR } from './bundle.ts';
import { PerfBotStack } from './perf-bot-stack.ts';
import { stackNameFrom } from './stack-context.ts';

const app = new App();
await bundleFunctions();
new PerfBotStack(app, 'PerfBot', { bundleDir: DIST_DIR, stackName: stackNameFrom(app) });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
