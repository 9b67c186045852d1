/** Cuts an exported object down to what Jenkins' `tree` query asks for, such as `name,url,builds[number,result]{0,50}`. */

interface TreeNode {
  readonly children: ReadonlyMap<string, TreeNode>;
  readonly range: readonly [number, number] | undefined;
}

/** The object with only what `tree` names; `_class` always stays, as in Jenkins. An empty tree keeps everything. */
export function applyTree(value: unknown, tree: string | null): unknown {
  return tree ? cut(value, { children: parse(tree), range: undefined }) : value;
}

function cut(value: unknown, node: TreeNode): unknown {
  if (Array.isArray(value)) {
    const [from, to] = node.range ?? [0, Infinity];
    return value.slice(from, to).map((item: unknown) => cut(item, { ...node, range: undefined }));
  }
  if (typeof value !== 'object' || value === null || node.children.size === 0) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      const child = node.children.get(name);
      if (child) return [[name, cut(inner, child)]];
      return name === '_class' ? [[name, inner]] : [];
    }),
  );
}

function parse(tree: string): ReadonlyMap<string, TreeNode> {
  let at = 0;
  const nodes = () => {
    const children = new Map<string, TreeNode>();
    while (at < tree.length && tree[at] !== ']') {
      const name = /^[^,[\]{}]+/.exec(tree.slice(at))?.[0] ?? '';
      at += name.length;
      let inner: ReadonlyMap<string, TreeNode> = new Map();
      if (tree[at] === '[') {
        at += 1;
        inner = nodes();
        at += 1;
      }
      const range = /^\{(\d+),(\d+)\}/.exec(tree.slice(at));
      at += range?.[0].length ?? 0;
      children.set(name, {
        children: inner,
        range: range ? [Number(range[1]), Number(range[2])] : undefined,
      });
      if (tree[at] === ',') at += 1;
      else if (tree[at] !== ']' && at < tree.length) throw new Error(`tree: unexpected text at ${at}`);
    }
    return children;
  };
  return nodes();
}
