import { emptyLeaf, type Leaf } from '../json.ts';
import { emptyKind, facetText, nullKind } from '../query/filter-sql.ts';

/** A row of the table of facets, but for document and field. */
export interface FacetRow {
  /** 0 for a value, else what stands in its place. */
  kind: number;
  number: number | null;
  string: string | null;
  /** The value as it is shown in a distribution. */
  display: string | null;
}

/** The row of one leaf: numbers are compared as numbers, all else as text. */
export function facetRowOf(leaf: Leaf): FacetRow {
  if (leaf === null) return { kind: nullKind, number: null, string: null, display: null };
  if (leaf === emptyLeaf) return { kind: emptyKind, number: null, string: null, display: null };
  const display = String(leaf);
  if (typeof leaf === 'number') return { kind: 0, number: leaf, string: null, display };
  return { kind: 0, number: null, string: facetText(display), display };
}
