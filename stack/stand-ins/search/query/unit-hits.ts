import { fieldsMax } from '../store/index-store.ts';

/** Where words are in documents: two lists side by side. A position is `field * fieldsMax + offset of the word`. */
export interface Positions {
  docids: number[];
  positions: number[];
}

/**
 * Which documents have one part of a query, and how well. Arrays by the number of the document instead of objects: a word
 * that every document has costs six bytes a document, not hundreds.
 */
export interface UnitHits {
  /** 0 for a document that has it not, else 1 + number of typos. */
  typos: Uint8Array;
  /** 1 where the very word is in the document, not the beginning of another one and not with a typo. */
  exact: Uint8Array;
  /** The best rank of an attribute that has it. */
  rank: Uint16Array;
  /** The least offset in any attribute. */
  offset: Uint16Array;
  /** Where it is; only kept for queries of several parts. */
  where: Positions | undefined;
}

/** Hits of a part of a query for documents up to a number, none yet. */
export function emptyHits(docidMax: number, keepPositions: boolean): UnitHits {
  const size = docidMax + 1;
  return {
    typos: new Uint8Array(size),
    exact: new Uint8Array(size),
    rank: new Uint16Array(size),
    offset: new Uint16Array(size),
    where: keepPositions ? { docids: [], positions: [] } : undefined,
  };
}

/** A word found at a place. */
export interface Finding {
  docid: number;
  position: number;
  rank: number;
  typos: number;
  exact: boolean;
}

export function addFinding(hits: UnitHits, { docid, position, rank, typos, exact }: Finding): void {
  // A document that a task has added since the search began is not looked at.
  if (docid >= hits.typos.length) return;
  const offset = Math.min(position % fieldsMax, fieldsMax - 1);
  const known = hits.typos[docid] ?? 0;
  if (known === 0 || typos + 1 < known) hits.typos[docid] = typos + 1;
  if (exact) hits.exact[docid] = 1;
  if (known === 0 || rank < (hits.rank[docid] ?? 0)) hits.rank[docid] = rank;
  if (known === 0 || offset < (hits.offset[docid] ?? 0)) hits.offset[docid] = offset;
  hits.where?.docids.push(docid);
  hits.where?.positions.push(position);
}

/** Positions in the documents that are asked for, by document. */
export function positionsIn({ docids, positions }: Positions, wanted: ReadonlySet<number>): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [index, docid] of docids.entries()) {
    if (!wanted.has(docid)) continue;
    const list = found.get(docid);
    const position = positions[index] ?? 0;
    if (list) list.push(position);
    else found.set(docid, [position]);
  }
  return found;
}
