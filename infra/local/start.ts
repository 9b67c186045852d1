/** `npm start` plays the main job on this machine with stand-ins, then stays up so that you can write further commands. */
import { parseArgs } from 'node:util';
import { PLATFORMS } from '../../lib/perflab/job-executor.ts';
import { startLocalWorld } from './scene/local-world.ts';
import { playScene } from './scene/play-scene.ts';

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    port: { type: 'string', default: process.env['PORT'] ?? '3000' },
    /** Where the job runs. */
    platform: { type: 'string', default: 'jenkins' },
    verbose: { type: 'boolean', default: false },
  },
});
const platform = PLATFORMS.find((known) => known === values.platform);
if (!platform) {
  console.error(`--platform takes one of: ${PLATFORMS.join(', ')}`);
  process.exit(1);
}
const say = values.json ? (line: string) => console.error(line) : (line: string) => console.log(line);
const port = values.once ? 0 : Number(values.port);
const world = await startLocalWorld({ port, platform, ...(values.verbose ? { sink: say } : {}) });
say(
  `Perf Bot is running on this machine. GitHub, ${world.lab.product} and Horreum are stand-ins: nothing here is real.\n`,
);
const scene = await playScene(world, say);
const page = `${world.url}/acme/webshop/pull/${world.pullRequest.number}`;
if (!scene.ok) say('\nThe report did not appear. Run again with --verbose to see why.');
if (values.once) {
  await world.close();
  if (values.json) console.log(JSON.stringify(scene));
  process.exitCode = scene.ok ? 0 : 1;
} else {
  if (values.json) console.log(JSON.stringify(scene));
  say(
    `\nOpen the pull request: ${page}\nComment further commands on it, such as /perf-bot help. Press Ctrl-C to stop.`,
  );
}
