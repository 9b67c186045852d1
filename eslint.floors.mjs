/**
 * The floors of `lib` and `infra/local`, from the ground up, and the two rules that hold every file to them: a file imports from its
 * own folder and from lower floors only, and no files import each other in a circle. Imports of types count.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

/**
 * One line is one floor; folders that share a line do not know each other. A folder stands for its own files only: a subfolder has a
 * floor of its own. A name that ends in `.ts` is a single file. A tree without floors is not checked.
 * @type {Record<string, string[][]>}
 */
export const FLOORS = {
  lib: [
    ['json.ts', 'run-name.ts'],
    ['http'],
    ['finding.ts', 'log.ts'],
    ['settings.ts'],
    ['github', 'horreum', 'perflab'],
    ['perflab/argo'],
    [
      'perflab/argo-cd',
      'perflab/argo-workflows',
      'perflab/github-actions',
      'perflab/jenkins',
      'perflab/webhook',
    ],
    ['bot/text'],
    ['bot/record'],
    ['bot/grammar'],
    ['bot/projects'],
    ['bot/reports/verdict'],
    ['bot/reports'],
    ['bot/reports/words'],
    ['bot/runs'],
    ['bot/commands'],
    ['bot/operator'],
    ['aws'],
    ['doctor'],
    ['wiring'],
  ],
  'infra/local': [
    ['stand-in'],
    ['github/state', 'horreum/store', 'jenkins', 'argo-workflows', 'webhook'],
    ['github/payloads', 'horreum/compute', 'horreum/sample', 'argo-cd'],
    ['github/webhooks', 'horreum/bodies'],
    ['github/api', 'github/acts', 'horreum/pipeline'],
    ['github/routes', 'horreum/api'],
    ['github', 'horreum/routes'],
    ['github-actions', 'horreum'],
    ['stores'],
    ['server'],
    ['page/shell'],
    ['page/markdown'],
    ['page/gallery'],
    ['page'],
    ['scene/labs'],
    ['scene'],
    ['.'],
  ],
};

const EVERY_IMPORT = [
  'ImportDeclaration[source]',
  'ExportNamedDeclaration[source]',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
].join(',');

/** @param {Record<string, string[][]>} floors */
export const createFloorRules = (floors) => ({
  rules: {
    /** @type {import('eslint').Rule.RuleModule} */
    'lower-floors-only': {
      create: (context) => ({
        [EVERY_IMPORT]: (/** @type {any} */ node) => {
          const imported = importedFile(context.filename, node);
          const [tree, floorsOfTree] = treeOf(floors, context, context.filename);
          if (imported === undefined || tree === undefined || !isInside(join(context.cwd, tree), imported))
            return;
          const here = placeOf(floorsOfTree, join(context.cwd, tree), context.filename);
          const there = placeOf(floorsOfTree, join(context.cwd, tree), imported);
          if (here.name === there.name || (there.floor !== -1 && there.floor < here.floor)) return;
          const missing = [here, there].find(({ floor }) => floor === -1);
          const message = missing
            ? `${join(tree, missing.name)} has no floor: give it one in eslint.floors.mjs.`
            : `${join(tree, there.name)} is not below ${join(tree, here.name)} (eslint.floors.mjs lists the floors).`;
          context.report({ node, message });
        },
      }),
    },
    /** @type {import('eslint').Rule.RuleModule} */
    'no-circle': {
      create: (context) => ({
        [EVERY_IMPORT]: (/** @type {any} */ node) => {
          const imported = importedFile(context.filename, node);
          const [tree] = treeOf(floors, context, context.filename);
          if (imported === undefined || tree === undefined) return;
          const way = wayBack(context.filename, imported);
          if (way.length === 0) return;
          const names = way.map((file) => relative(context.cwd, file)).join(' → ');
          context.report({ node, message: `This import closes a circle: ${names}.` });
        },
      }),
    },
  },
});

/** @param {string} from @param {any} node */
function importedFile(from, node) {
  const name = (node.source ?? node.argument?.literal)?.value;
  return typeof name === 'string' && name.startsWith('.') ? resolve(dirname(from), name) : undefined;
}

/** @param {Record<string, string[][]>} floors @param {import('eslint').Rule.RuleContext} context @param {string} file */
function treeOf(floors, context, file) {
  const found = Object.entries(floors).find(
    ([tree, lines]) => lines.length > 0 && isInside(join(context.cwd, tree), file),
  );
  return found ?? /** @type {const} */ ([undefined, []]);
}

/** @param {string} folder @param {string} file */
const isInside = (folder, file) => file.startsWith(folder + sep);

/** @param {string[][]} floors @param {string} tree @param {string} file */
function placeOf(floors, tree, file) {
  const ownName = relative(tree, file).split(sep).join('/');
  const isListed = floors.some((names) => names.includes(ownName));
  const name = isListed ? ownName : dirname(ownName);
  return { name, floor: floors.findIndex((names) => names.includes(name)) };
}

/**
 * The files on the shortest way from one file to another and back to the first; none if no way leads back.
 * @param {string} home @param {string} start
 */
function wayBack(home, start) {
  const ways = [[home, start]];
  const seen = new Set();
  for (const way of ways) {
    const last = /** @type {string} */ (way.at(-1));
    if (last === home) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    ways.push(...importsOf(last).map((next) => [...way, next]));
  }
  return [];
}

/** @type {Map<string, string[]>} */
const importsOfFile = new Map();

/** @param {string} file */
function importsOf(file) {
  const known = importsOfFile.get(file);
  if (known) return known;
  const names = existsSync(file) ? ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles : [];
  const found = names
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => resolve(dirname(file), name));
  importsOfFile.set(file, found);
  return found;
}
