import type { TableOfContents } from './table-of-contents.ts';

/** One object of an archive, as `pg_restore --verbose` announces it in the comment before its SQL. */
export interface ArchiveEntry {
  dumpId: number;
  /** E.g. `TABLE`, `TABLE DATA`, `INDEX`, `FK CONSTRAINT`. */
  type: string;
  /** `-` when it is in none. */
  schema: string;
  /** As the archive calls it, e.g. `orders orders_pkey` for a constraint. */
  name: string;
  /** Dump ids of what it needs. */
  dependencies: number[];
}

/**
 * Reads the comment before an entry; `undefined` for a comment that announces none. Names are taken from the table of
 * contents, where there is one.
 */
export function parseEntry(comment: readonly string[], contents?: TableOfContents): ArchiveEntry | undefined {
  let dumpId: number | undefined;
  let dependencies: number[] = [];
  let named: Pick<ArchiveEntry, 'type' | 'schema' | 'name'> | undefined;
  for (const line of comment) {
    const number = /^-- TOC entry (\d+) /.exec(line)?.[1];
    const needed = /^-- Dependencies: ([\d ]+)$/.exec(line)?.[1];
    // The name is the first part and may hold anything, so the parts are looked for from the end.
    const parts = /^-- (?:Data for )?Name: (.*); Type: (.*); Schema: (.*); Owner: .*$/.exec(line);
    if (number !== undefined) dumpId = Number(number);
    if (needed !== undefined) dependencies = needed.trim().split(' ').map(Number);
    if (parts) named = { name: parts[1] ?? '', type: parts[2] ?? '', schema: parts[3] ?? '' };
  }
  if (dumpId === undefined || named === undefined) return undefined;
  const known = contents?.entry(dumpId);
  if (known) named = { name: known.name, type: known.type, schema: known.schema === '' ? '-' : known.schema };
  return { dumpId, dependencies: [...new Set(dependencies)], ...named };
}

/** How an entry is called in messages: `INDEX public.orders_total_idx`. */
export function entryTitle({ type, schema, name }: ArchiveEntry): string {
  return schema === '-' ? `${type} ${name}` : `${type} ${schema}.${name}`;
}
