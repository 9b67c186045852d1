/** The command line as a test sees it: arguments and variables in, exit code and what was written out. */
import { PassThrough, Writable } from 'node:stream';
import type { CliIo } from '../../../infra/cli/cli-io.ts';
import { runCli } from '../../../infra/cli/program.ts';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout, as `--json` makes it. */
  readonly json: () => any; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test knows what it asked for
}

export async function perfBot(args: readonly string[], given: Partial<CliIo> = {}): Promise<Ran> {
  const [stdout, stderr] = [new Text(), new Text()];
  const io: CliIo = {
    stdin: new PassThrough().end(),
    stdout,
    stderr,
    env: {},
    cwd: '/nowhere',
    nowMs: () => Date.now(),
    confirm: undefined,
    openInBrowser: () => undefined,
    ...given,
  };
  const exitCode = await runCli(args, io);
  return {
    exitCode,
    stdout: stdout.text,
    stderr: stderr.text,
    json: () => JSON.parse(stdout.text) as unknown,
  };
}

class Text extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
