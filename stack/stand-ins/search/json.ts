/** A value as JSON holds it. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A document of an index. */
export type SearchDocument = { [name: string]: Json };

export function isObject(value: unknown): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Marks a leaf that holds nothing: an empty text, list or object. */
export const emptyLeaf = Symbol('empty');

export type Leaf = string | number | boolean | null | typeof emptyLeaf;

/**
 * Every leaf of a document with its path; objects in objects are joined by dots, elements of a list share its path.
 * An empty text, list or object is one `emptyLeaf`.
 */
export function* leavesOf(value: Json, path = ''): Generator<{ path: string; leaf: Leaf }> {
  if (Array.isArray(value)) {
    if (value.length === 0) yield { path, leaf: emptyLeaf };
    for (const element of value) yield* leavesOf(element, path);
    return;
  }
  if (!isObject(value)) {
    yield { path, leaf: value === '' ? emptyLeaf : value };
    return;
  }
  const names = Object.keys(value);
  if (names.length === 0 && path !== '') yield { path, leaf: emptyLeaf };
  for (const name of names) yield* leavesOf(value[name] ?? null, path === '' ? name : `${path}.${name}`);
}

/** True when an attribute of the settings covers a path: the same, `*`, a parent of it, or a pattern with one `*`. */
export function covers(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path || path.startsWith(`${pattern}.`)) return true;
  if (pattern.endsWith('*')) return path.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') && path.endsWith(pattern.slice(1));
}

/** The document with the named attributes only; a dotted path keeps the objects around it. `*` keeps all. */
export function selectAttributes(document: SearchDocument, attributes: readonly string[]): SearchDocument {
  if (attributes.includes('*')) return document;
  const selected: SearchDocument = {};
  for (const [name, value] of Object.entries(document)) {
    if (attributes.includes(name)) selected[name] = value;
    else if (isObject(value)) {
      const below = attributes.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
      if (below.length > 0) selected[name] = selectAttributes(value, below);
    }
  }
  return selected;
}
