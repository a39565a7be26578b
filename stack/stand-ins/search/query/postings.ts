import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldsMax } from '../store/index-store.ts';
import { lastCharacter, type Derivations } from './derivations.ts';
import { addFinding, emptyHits, positionsIn, type Positions, type UnitHits } from './unit-hits.ts';

/** How a query looks at the fields of an index. */
export interface FieldRules {
  /** Rank of the attribute of a field, 0 for the first. */
  rank(field: number): number;
  /** Whether a hit with so many typos counts: by `attributesToSearchOn` and the settings. */
  counts(field: number, typos: number): boolean;
}

/** Reads where words are in documents. */
export interface PostingsReader {
  /** Adds the documents with a word or what stands for it. */
  word(hits: UnitHits, derivations: Derivations): void;
  /** Adds the documents with all the words one after the other. */
  phrase(hits: UnitHits, words: readonly string[]): void;
}

type Visit = (docid: number, position: number, term: string) => void;

export function postingsReader(database: DatabaseSync, fields: FieldRules): PostingsReader {
  const one = database.prepare('SELECT doc, offset FROM postings WHERE term = ?');
  const range = database.prepare('SELECT doc, offset, term FROM postings WHERE term >= ? AND term <= ?');
  one.setReturnArrays(true);
  range.setReturnArrays(true);

  function read(statement: StatementSync, values: string[], typos: number, visit: Visit): void {
    for (const line of statement.iterate(...values)) {
      const [number, offset, term = ''] = line as unknown as [number, number, string | undefined];
      const field = number % fieldsMax;
      if (fields.counts(field, typos)) visit(Math.floor(number / fieldsMax), field * fieldsMax + offset, term);
    }
  }

  function collect(hits: UnitHits, statement: StatementSync, values: string[], typos: number, word?: string): void {
    read(statement, values, typos, (docid, position, term) => {
      const exact = typos === 0 && (word === undefined || term === word);
      addFinding(hits, { docid, position, rank: fields.rank(Math.floor(position / fieldsMax)), typos, exact });
    });
  }

  function placesOf(word: string): Positions {
    const places: Positions = { docids: [], positions: [] };
    read(one, [word], 0, (docid, position) => {
      places.docids.push(docid);
      places.positions.push(position);
    });
    return places;
  }

  return {
    word(hits, { terms: [[word = ''], once, twice], prefix }) {
      if (prefix) collect(hits, range, [word, word + lastCharacter], 0, word);
      else collect(hits, one, [word], 0);
      for (const term of once) collect(hits, one, [term], 1);
      for (const term of twice) collect(hits, one, [term], 2);
    },
    phrase(hits, words) {
      const [first, ...following] = words.map(placesOf);
      if (!first) return;
      const wanted = new Set(first.docids);
      const next = following.map((places) => positionsIn(places, wanted));
      for (const [index, docid] of first.docids.entries()) {
        const position = first.positions[index] ?? 0;
        const fits = next.every((places, after) => places.get(docid)?.includes(position + after + 1));
        const rank = fields.rank(Math.floor(position / fieldsMax));
        if (fits) addFinding(hits, { docid, position, rank, typos: 0, exact: true });
      }
    },
  };
}

/** Hits for documents up to a number, filled by `fill`. */
export function hitsFrom(docidMax: number, keepPositions: boolean, fill: (hits: UnitHits) => void): UnitHits {
  const hits = emptyHits(docidMax, keepPositions);
  fill(hits);
  return hits;
}
