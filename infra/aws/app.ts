/** The CDK app (`npx cdk synth`, `npx cdk deploy`): bundles the functions as they are now, or takes `dist` as it is (`-c bundled=true`), then describes the stack. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions, DIST_DIR } from './bundle.ts';
import { PerfBotStack } from './perf-bot-stack.ts';
import { isBundled, stackNameFrom } from './stack-context.ts';

const app = new App();
if (!isBundled(app)) await bundleFunctions();
new PerfBotStack(app, 'PerfBot', { bundleDir: DIST_DIR, stackName: stackNameFrom(app) });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
