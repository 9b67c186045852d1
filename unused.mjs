/**
 * Finds what nobody uses, as a part of `npm run lint`: exports of `lib`, `functions` and `infra` that no other file imports, and
 * members of the types of `lib` that no code reads. What only tests use is unused. The stack's own files are left out: their
 * types alone take longer than all the rest.
 */
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const root = process.argv[2] ?? import.meta.dirname;

/** Values of these types leave the code as a whole, mostly as JSON. */
const READ_ELSEWHERE = new Set([
  ...['MachineVerdict', 'MachineMetric'], // merge bots and scripts read them
  ...['ProjectUrls', 'RunSummary', 'JobRun', 'RunSubject', 'PlatformRun'], // the command line prints them
  ...['CommandMessage', 'RunMessageKind'], // a later release may need to know which wrote a message
  ...['AdminDeps', 'Callback', 'HistoryAnswer', 'Hint'], // handed on or spread as part of another type
]);
/** Lambda calls it by its name. */
const ENTRY_POINT = 'handler';
/** The local system is there for people and for tests. */
const FOR_TESTS_TOO = /^infra\/local\//;

const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram(
  fileNames.filter((file) => !/^(test\/)?infra\/aws\//.test(nameOf(file))),
  options,
);
const checker = program.getTypeChecker();

/** @param {string} file */
function nameOf(file) {
  return relative(root, file).split(sep).join('/');
}

/** @typedef {{ kind: 'value' | 'type' | 'member', name: string, owner?: string }} Found */

/** @type {Map<ts.Node, Found>} */
const declared = new Map();
/** The files that use a declaration. @type {Map<ts.Node, Set<string>>} */
const users = new Map();

/** All members of this name, those of unnamed types too. @type {Map<string, ts.TypeElement[]>} */
const members = new Map();

/** @param {ts.Node} node @param {string | undefined} owner */
function collect(node, owner) {
  const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  if (ts.isPropertySignature(node) || ts.isMethodSignature(node)) {
    const name = node.name.getText();
    members.set(name, [...(members.get(name) ?? []), node]);
    if (owner !== undefined) declared.set(node, { kind: 'member', name, owner });
  }
  if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(isExport)) {
    const named = ts.isVariableStatement(node) ? node.declarationList.declarations : [node];
    for (const one of named) {
      const { name } = /** @type {ts.NamedDeclaration} */ (one);
      if (name) declared.set(one, { kind: isType ? 'type' : 'value', name: name.getText() });
    }
  }
  // `Extract<Event, { kind: 'push' }>` and the arguments of a method declare nothing of their own.
  const isElsewhere = ts.isTypeReferenceNode(node) || ts.isParameter(node);
  const ownerHere = isType ? node.name.text : isElsewhere ? undefined : owner;
  ts.forEachChild(node, (child) => collect(child, ownerHere));
}

/** @param {ts.ModifierLike} modifier */
const isExport = ({ kind }) => kind === ts.SyntaxKind.ExportKeyword;

/** @param {ts.Node} node @param {string} file */
function note(node, file) {
  for (const symbol of symbolsUsed(node)) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    for (const declaration of target.declarations ?? []) {
      if (/** @type {ts.NamedDeclaration} */ (declaration).name === node) continue;
      users.set(declaration, (users.get(declaration) ?? new Set()).add(file));
    }
  }
  ts.forEachChild(node, (child) => note(child, file));
}

/** A test's imports are all that counts of it. @param {ts.ImportDeclaration} declaration @param {string} file */
function noteImport({ importClause }, file) {
  const bindings = importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return;
  for (const { name } of bindings.elements) {
    const symbol = checker.getSymbolAtLocation(name);
    const target = symbol && checker.getAliasedSymbol(symbol);
    for (const declaration of target?.declarations ?? [])
      users.set(declaration, (users.get(declaration) ?? new Set()).add(file));
  }
}

/** What a name stands for; nothing where it is only written or passed on. @param {ts.Node} node @returns {ts.Symbol[]} */
function symbolsUsed(node) {
  const { parent } = node;
  if (ts.isStringLiteral(node) && ts.isElementAccessExpression(parent))
    return membersOf(parent.expression, node.text);
  if (!ts.isIdentifier(node)) return [];
  if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent))
    return (parent.propertyName ?? parent.name) === node ? membersOf(parent.parent, node.text) : [];
  if (ts.isShorthandPropertyAssignment(parent))
    return [checker.getShorthandAssignmentValueSymbol(parent)].filter((symbol) => symbol !== undefined);
  const isNoUse = ts.isPropertyAssignment(parent) && parent.name === node;
  if (isNoUse || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return [];
  const symbol = checker.getSymbolAtLocation(node);
  if (!symbol) return [];
  return ts.isPropertyAccessExpression(parent) && parent.name === node
    ? [symbol, ...membersOf(parent.expression, node.text)]
    : [symbol];
}

/** The members of this name in each part of a union, where each has its own. @param {ts.Node} node @param {string} name */
function membersOf(node, name) {
  const type = checker.getTypeAtLocation(node);
  return (type.isUnion() ? type.types : [type]).flatMap((part) => part.getProperty(name) ?? []);
}

const ours = program.getSourceFiles().filter(({ fileName }) => !fileName.includes('node_modules'));
for (const source of ours) {
  const file = nameOf(source.fileName);
  if (!/^(lib|functions|infra\/(local|cli))\//.test(file) || file.endsWith('.d.ts')) continue;
  collect(source, undefined);
}
for (const source of ours) {
  const file = nameOf(source.fileName);
  if (file.startsWith('test/'))
    source.statements.filter(ts.isImportDeclaration).forEach((one) => noteImport(one, file));
  else note(source, file);
}

/** A value may be handed on as another type of its shape, and be read there. @param {ts.Node} node @param {string} name */
function isReadAsAnother(node, name) {
  const types = [node.parent, ts.findAncestor(node, ts.isTypeAliasDeclaration) ?? node.parent].map((one) =>
    checker.getTypeAtLocation(one),
  );
  return (members.get(name) ?? []).some(
    (other) =>
      other.parent !== node.parent &&
      isRead(other) &&
      types.some((type) => checker.isTypeAssignableTo(type, checker.getTypeAtLocation(other.parent))),
  );
}

/** @param {ts.Node} node */
const isRead = (node) => [...(users.get(node) ?? [])].some((user) => !user.startsWith('test/'));

const faults = [...declared].flatMap(([node, { kind, name, owner = '' }]) => {
  const source = node.getSourceFile();
  const file = nameOf(source.fileName);
  const all = [...(users.get(node) ?? [])];
  const others = all.filter((user) => user !== file);
  const notTests = all.filter((user) => !user.startsWith('test/'));
  const fault =
    kind === 'member'
      ? file.startsWith('lib/') &&
        !isRead(node) &&
        !READ_ELSEWHERE.has(owner) &&
        !isReadAsAnother(node, name) &&
        `nobody reads this member of ${owner}`
      : kind === 'type'
        ? all.length === 0 && 'nobody uses this type'
        : name === ENTRY_POINT
          ? false
          : others.length === 0
            ? 'no other file uses this export'
            : notTests.length === 0 && !FOR_TESTS_TOO.test(file) && 'only tests use this';
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return fault ? [`${file}:${line + 1} ${name}: ${fault}`] : [];
});
process.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
process.exitCode = faults.length > 0 ? 1 : 0;
