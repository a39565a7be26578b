import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldsMax } from '../store/index-store.ts';
import { lastCharacter, type Derivations } from './derivations.ts';

/** Where one part of a query is in one document. */
export interface Hit {
  typos: number;
  /** The word itself, not the beginning of another one and without a typo. */
  exact: boolean;
  /** Each `field * fieldsMax + offset of the word`. */
  positions: number[];
}

/** Documents that have a part of a query, by their number. */
export type Hits = Map<number, Hit>;

/** Whether a hit in a field counts with so many typos; by the settings and `attributesToSearchOn`. */
export type FieldTest = (field: number, typos: number) => boolean;

/** Reads where words are in documents. */
export interface PostingsReader {
  word(derivations: Derivations): Hits;
  /** Documents with all the words one after the other. */
  phrase(words: readonly string[]): Hits;
}

export function postingsReader(database: DatabaseSync, counts: FieldTest): PostingsReader {
  const one = database.prepare('SELECT doc, offset FROM postings WHERE term = ?');
  const range = database.prepare('SELECT doc, offset, term FROM postings WHERE term >= ? AND term <= ?');
  one.setReturnArrays(true);
  range.setReturnArrays(true);

  function collect(hits: Hits, statement: StatementSync, values: string[], typos: number, word?: string): void {
    for (const line of statement.iterate(...values)) {
      const [number, offset, term] = line as unknown as [number, number, string | undefined];
      const docid = Math.floor(number / fieldsMax);
      const field = number % fieldsMax;
      if (!counts(field, typos)) continue;
      const position = field * fieldsMax + offset;
      const exact = typos === 0 && (term === undefined || term === word);
      const known = hits.get(docid);
      if (!known) hits.set(docid, { typos, exact, positions: [position] });
      else {
        known.positions.push(position);
        known.exact ||= exact;
        known.typos = Math.min(known.typos, typos);
      }
    }
  }

  return {
    word({ terms, prefix }) {
      const hits: Hits = new Map();
      const [[word = ''], once, twice] = terms;
      if (prefix) collect(hits, range, [word, word + lastCharacter], 0, word);
      else collect(hits, one, [word], 0);
      for (const term of once) collect(hits, one, [term], 1);
      for (const term of twice) collect(hits, one, [term], 2);
      return hits;
    },
    phrase(words) {
      const [first, ...following] = words.map((word) => {
        const hits: Hits = new Map();
        collect(hits, one, [word], 0);
        return hits;
      });
      const found: Hits = new Map();
      for (const [docid, { positions }] of first ?? []) {
        const starts = positions.filter((start) =>
          following.every((hits, index) => hits.get(docid)?.positions.includes(start + index + 1)),
        );
        if (starts.length > 0) found.set(docid, { typos: 0, exact: true, positions: starts });
      }
      return found;
    },
  };
}

/** Takes the hits of a second way to say the same (a synonym) into those of the first. */
export function addHits(hits: Hits, others: Hits): void {
  for (const [docid, hit] of others) {
    const known = hits.get(docid);
    if (!known) hits.set(docid, hit);
    else {
      known.positions.push(...hit.positions);
      known.exact ||= hit.exact;
      known.typos = Math.min(known.typos, hit.typos);
    }
  }
}
