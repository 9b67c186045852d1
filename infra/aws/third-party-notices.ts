/** The licences of the packages in a bundle: minified code has lost its comments, and most licences ask to go along with the code. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const LEGAL_FILE = /^(licen[cs]e|notice|copying)/i;

/** Each text once, under the names of all packages that have it; '' where nothing but our own code is in the bundle. */
export async function thirdPartyNotices(root: string, metafile: Metafile): Promise<string> {
  const packagesOf = new Map<string, string[]>();
  for (const dir of packageDirs(metafile)) {
    const { name, text } = await noticeOf(join(root, dir));
    packagesOf.set(text, [...(packagesOf.get(text) ?? []), name]);
  }
  return [...packagesOf]
    .map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function packageDirs({ outputs }: Metafile): string[] {
  const paths = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const dirs = paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return [...new Set(dirs)].sort();
}

async function noticeOf(dir: string): Promise<{ readonly name: string; readonly text: string }> {
  const { name, version, license } = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const files = (await readdir(dir)).filter((file) => LEGAL_FILE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  const text = texts.map((each) => each.replaceAll('\r\n', '\n').trim()).join('\n\n');
  if (!text && !license) throw new Error(`${name} says nowhere under which licence it is`);
  return { name: `${name} ${version}`, text: text || `Licence: ${license}` };
}
