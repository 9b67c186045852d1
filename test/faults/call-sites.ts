/**
 * Every place in the code where the bot calls out, found by the compiler's own types; and, while scenarios are played, which of
 * them are reached, counted by V8. So a call that is added and that no scenario makes is noticed, whatever it is named.
 */
import { Session } from 'node:inspector/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface CallSite {
  readonly file: string;
  /** The function that the call stands in. */
  readonly within: string;
  /** The call's own words. */
  readonly text: string;
  readonly offset: number;
}

/** The bot's own ways out. A call of an asynchronous function that one of these files declares, or one of these libraries, leaves the bot. */
const WAYS_OUT = [
  'lib/http/outside-call.ts',
  'lib/perflab/lab-client.ts',
  'lib/perflab/github-actions/actions-client.ts',
  'lib/horreum/horreum-call.ts',
  'lib/github/github-app.ts',
  'lib/github/octokit-app.ts',
  'lib/github/github-client.ts',
  'lib/aws/document-table.ts',
  'lib/aws/aws-call.ts',
];
const LIBRARIES =
  /node_modules\/(?:@octokit|@aws-sdk|@smithy|@types\/node\/(?:https?|http2|net|tls|dgram|web-globals\/fetch)\.d)/;
const ASYNCHRONOUS = /^(?:Promise|AsyncIter|AsyncGenerator|ClientRequest|Socket)/;

/** Of the functions and all that they are made of. */
export function callSites(): CallSite[] {
  const config = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path));
  const { options } = ts.convertCompilerOptionsFromJson(
    (config.config as { readonly compilerOptions: object }).compilerOptions,
    '.',
  );
  const files = ts.sys.readDirectory('.', ['.ts'], undefined, ['lib', 'functions']).map(fromHere);
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const leavesUs = (call: ts.CallExpression): boolean => {
    const signature = checker.getResolvedSignature(call);
    const declaredIn = signature?.declaration?.getSourceFile().fileName;
    if (signature === undefined || declaredIn === undefined) return false;
    if (!WAYS_OUT.includes(fromHere(declaredIn)) && !LIBRARIES.test(declaredIn)) return false;
    return ASYNCHRONOUS.test(checker.typeToString(checker.getReturnTypeOfSignature(signature)));
  };
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    const found: CallSite[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && leavesUs(node))
        found.push({
          file,
          within: nameAround(node),
          text: node.expression.getText().replace(/\s+/g, ' '),
          offset: node.getStart(),
        });
      ts.forEachChild(node, visit);
    };
    if (source) visit(source);
    return found;
  });
}

function fromHere(path: string): string {
  return isAbsolute(path) ? relative(process.cwd(), path) : path;
}

/** Of the nearest function that has a name. */
function nameAround(node: ts.Node): string {
  for (let around: ts.Node | undefined = node.parent; around; around = around.parent) {
    if (ts.isFunctionDeclaration(around) || ts.isMethodDeclaration(around))
      return around.name?.getText() ?? '';
    if (ts.isPropertyAssignment(around) && ts.isFunctionLike(around.initializer))
      return around.name.getText();
    if (ts.isVariableDeclaration(around) && around.initializer && ts.isFunctionLike(around.initializer))
      return around.name.getText();
  }
  return '';
}

export interface Watch {
  /** Ends the watching: those of the sites that no call was made from. */
  unmade(sites: readonly CallSite[]): Promise<CallSite[]>;
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/** Types are taken away by blanks, so an offset in what runs is the same as in the source. Begin before the code has run at all: what has, is counted by function. */
export async function watchCalls(): Promise<Watch> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    async unmade(sites) {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      session.disconnect();
      // A test runner may have loaded the same file more than once.
      const copies = result.map(({ url, functions }) => ({
        file: fromHere(url.startsWith('file:') ? fileURLToPath(url) : url),
        ranges: functions.flatMap(({ ranges }) => ranges),
      }));
      return sites.filter(
        (site) => !copies.some(({ file, ranges }) => file === site.file && timesAt(ranges, site.offset) > 0),
      );
    },
  };
}

/** The innermost range around an offset says how often it was reached. */
function timesAt(ranges: readonly Range[], offset: number): number {
  const around = ranges.filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset);
  const size = ({ startOffset, endOffset }: Range) => endOffset - startOffset;
  return around.toSorted((a, b) => size(a) - size(b))[0]?.count ?? 0;
}
