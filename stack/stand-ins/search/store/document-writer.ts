import type { DatabaseSync } from 'node:sqlite';
import { covers, leavesOf, type SearchDocument } from '../json.ts';
import { rows, run } from './database.ts';
import { facetRowOf, type FacetRow } from './facet-row.ts';
import { fieldsMax, type IndexMeta } from './index-store.ts';
import { wordsOf } from '../query/words.ts';
import { asCustomOrder } from '../query/ranking-rules.ts';

/** Writes documents of one index with all that is derived from them. Its caller holds the transaction. */
export interface DocumentWriter {
  /** Adds a document, or takes the place of the one with the same id (`replace`), or changes the attributes that are given. */
  put: (id: string, document: SearchDocument, method: 'replace' | 'update') => void;
  /** Returns false when there is none. */
  remove: (id: string) => boolean;
  /** Words and facets of one document that is already there, after a change of settings. */
  derive: (docid: number, document: SearchDocument) => void;
}

export function documentWriter(database: DatabaseSync, { settings }: Pick<IndexMeta, 'settings'>): DocumentWriter {
  const fieldNumber = fieldNumbers(database);
  const stopWords = new Set(settings.stopWords.flatMap(wordsOf));
  const facetAttributes = facetAttributesOf(settings);
  const covered = pathTest(settings.searchableAttributes);
  const faceted = pathTest(facetAttributes);

  function derive(docid: number, document: SearchDocument): void {
    const texts = new Map<string, string[]>();
    const facets = new Map<string, FacetRow[]>();
    for (const { path, leaf } of leavesOf(document)) {
      if (covered(path) && leaf !== null && typeof leaf !== 'symbol') append(texts, path, String(leaf));
      if (faceted(path)) append(facets, path, facetRowOf(leaf));
      else fieldNumber(path);
    }
    for (const [path, parts] of texts) {
      const words = wordsOf(parts.join(' ')).filter((word) => !stopWords.has(word));
      if (words.length === 0) continue;
      const number = docid * fieldsMax + fieldNumber(path);
      run(database, 'INSERT INTO words (rowid, text) VALUES (?, ?)', number, words.join(' '));
    }
    for (const [path, values] of facets) {
      for (const { kind, number, string, display } of unlike(values)) {
        const columns = [docid, fieldNumber(path), kind, number, string, display];
        run(
          database,
          'INSERT INTO facets (docid, field, kind, number, string, display) VALUES (?, ?, ?, ?, ?, ?)',
          ...columns,
        );
      }
    }
  }

  function forget(docid: number, body: string): void {
    const known = JSON.parse(body) as SearchDocument;
    for (const path of new Set([...leavesOf(known)].map((leaf) => leaf.path))) {
      if (covered(path)) run(database, 'DELETE FROM words WHERE rowid = ?', docid * fieldsMax + fieldNumber(path));
    }
    run(database, 'DELETE FROM facets WHERE docid = ?', docid);
    countFields(database, known, -1);
  }

  return {
    derive,
    put(id, document, method) {
      const known = rows<{ docid: number; body: string }>(
        database,
        'SELECT docid, body FROM documents WHERE id = ?',
        id,
      )[0];
      const merged =
        known && method === 'update' ? { ...(JSON.parse(known.body) as SearchDocument), ...document } : document;
      const body = JSON.stringify(merged);
      if (known?.body === body) return;
      if (known) forget(known.docid, known.body);
      const sql = `INSERT INTO documents (id, body) VALUES (?, ?)
        ON CONFLICT (id) DO UPDATE SET body = excluded.body RETURNING docid`;
      const { docid } = rows<{ docid: number }>(database, sql, id, body)[0] as { docid: number };
      countFields(database, merged, 1);
      derive(docid, merged);
    },
    remove(id) {
      const known = rows<{ docid: number; body: string }>(
        database,
        'SELECT docid, body FROM documents WHERE id = ?',
        id,
      )[0];
      if (!known) return false;
      forget(known.docid, known.body);
      run(database, 'DELETE FROM documents WHERE docid = ?', known.docid);
      return true;
    },
  };
}

/** Removes all documents and what is derived from them; fields keep their numbers. */
export function removeAllDocuments(database: DatabaseSync): void {
  run(database, 'DELETE FROM documents');
  run(database, 'DELETE FROM distribution');
  removeDerived(database);
}

/** Removes words and facets, before they are derived again under changed settings. */
export function removeDerived(database: DatabaseSync): void {
  run(database, `INSERT INTO words (words) VALUES ('delete-all')`);
  run(database, 'DELETE FROM facets');
}

/** Attributes that filters and sorting look up. */
export function facetAttributesOf(settings: IndexMeta['settings']): string[] {
  const ordered = settings.rankingRules.flatMap((rule) => asCustomOrder(rule)?.attribute ?? []);
  return [...new Set([...settings.filterableAttributes, ...settings.sortableAttributes, ...ordered])];
}

function countFields(database: DatabaseSync, document: SearchDocument, by: 1 | -1): void {
  const sql =
    'INSERT INTO distribution (name, documents) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET documents = documents + ?2';
  for (const name of Object.keys(document)) run(database, sql, name, by);
}

function fieldNumbers(database: DatabaseSync): (path: string) => number {
  const stored = rows<{ field: number; path: string }>(database, 'SELECT field, path FROM fields');
  const known = new Map(stored.map(({ field, path }) => [path, field]));
  return (path) => {
    const number = known.get(path);
    if (number !== undefined) return number;
    const next = known.size + 1;
    if (next >= fieldsMax) throw new Error(`A document cannot have more than ${fieldsMax - 1} fields in one index.`);
    run(database, 'INSERT INTO fields (field, path) VALUES (?, ?)', next, path);
    known.set(path, next);
    return next;
  };
}

/** Whether one of the attributes covers a path; answered once a path. */
function pathTest(attributes: readonly string[]): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    let answer = known.get(path);
    if (answer === undefined) known.set(path, (answer = attributes.some((pattern) => covers(pattern, path))));
    return answer;
  };
}

/** Each value once: a list may hold one twice. */
function unlike(values: readonly FacetRow[]): FacetRow[] {
  if (values.length === 1) return [...values];
  return [...new Map(values.map((value) => [`${value.kind} ${value.number} ${value.string}`, value])).values()];
}

function append<Value>(lists: Map<string, Value[]>, path: string, value: Value): void {
  const list = lists.get(path);
  if (list) list.push(value);
  else lists.set(path, [value]);
}
