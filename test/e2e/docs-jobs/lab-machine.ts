/** The machine of a lab: runs the scripts of a job in a shell, in a workspace of the run, with the tools and the network that the pages assume. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface LabMachineOptions {
  readonly repoFullName: string;
  readonly slowdown?: number;
  readonly buildFails?: boolean;
}

export interface LabMachine {
  /** From now on the host of the pages is at that address. */
  connect(origin: string, url: string): void;
  /** A folder for one run, with the lab's `benchmark.sh` in it. */
  newWorkspace(): Promise<string>;
  /** Runs a command. Throws where it ends with anything but 0. */
  run(command: readonly string[], context: ScriptContext): Promise<void>;
  /** While held, benchmarks go on. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** The calls that were answered, oldest first: `202 https://…`, without the query. */
  calls(): Promise<string[]>;
  close(): Promise<void>;
}

export interface ScriptContext {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** Aborted: the script and all that it started are told to end. */
  readonly signal?: AbortSignal;
}

const TOOLS = ['curl', 'jq', 'git'];

export async function startLabMachine(options: LabMachineOptions): Promise<LabMachine> {
  const root = await mkdtemp(join(tmpdir(), 'perf-bot-lab-'));
  const [bin, hold, network] = [join(root, 'bin'), join(root, 'hold'), join(root, 'network.log')];
  await mkdir(bin);
  await Promise.all(TOOLS.map((name) => installTool(join(bin, name), name)));
  const hosts: Record<string, string> = {};
  const own = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: root,
    LAB_REPOSITORY_URL: `https://github.com/${options.repoFullName}.git`,
    LAB_SLOWDOWN: String(options.slowdown ?? 1),
    LAB_BUILD_FAILS: options.buildFails ? 'yes' : '',
    LAB_HOLD: hold,
    LAB_NETWORK_LOG: network,
  };

  function run([command = '', ...args]: readonly string[], context: ScriptContext): Promise<void> {
    const { folder, env, log, signal } = context;
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...own, LAB_HOSTS: JSON.stringify(hosts), ...env },
      detached: true,
    });
    let rest = '';
    const read = (chunk: Buffer) => {
      const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(log);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.stdin.end();
    const onAbort = () => void process.kill(-(child.pid ?? 0), 'SIGTERM');
    signal?.addEventListener('abort', onAbort, { once: true });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        signal?.removeEventListener('abort', onAbort);
        if (rest !== '') log(rest);
        if (code === 0) resolve();
        else reject(new Error(code === null ? 'terminated' : `script returned exit code ${code}`));
      });
    });
  }

  return {
    connect: (origin, url) => void (hosts[origin] = url),
    async newWorkspace() {
      const folder = await mkdtemp(join(root, 'workspace-'));
      await installTool(join(folder, 'benchmark.sh'), 'benchmark');
      return folder;
    },
    run,
    hold: () => writeFile(hold, ''),
    release: () => rm(hold, { force: true }),
    calls: async () => (await readFile(network, 'utf8').catch(() => '')).split('\n').slice(0, -1),
    close: () => rm(root, { recursive: true, force: true }),
  };
}

function installTool(path: string, name: string): Promise<void> {
  const file = fileURLToPath(new URL(`tools/${name}.ts`, import.meta.url));
  return writeFile(path, `#!/bin/sh\nexec '${process.execPath}' --no-warnings '${file}' "$@"\n`, {
    mode: 0o755,
  });
}
