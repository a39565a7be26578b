import { text } from 'node:stream/consumers';
import { DrillError } from '../domain/drill-error.ts';
import { readArchiveScript } from './archive-script.ts';
import { keyOfTable, parseCopy } from './load-rows.ts';
import type { TableOfContents } from './table-of-contents.ts';

const lineFeed = 10;

/**
 * Reads a script to its end and counts the rows of each table: in COPY text each row is one line. Rows of partitions that
 * are loaded through their root are the root's.
 */
export async function countRows(
  script: AsyncIterable<Buffer>,
  contents?: TableOfContents,
): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>();
  for await (const part of readArchiveScript(script, contents)) {
    if (part.kind !== 'rows') continue;
    let count = 0;
    for await (const chunk of part.rows) count += countLines(chunk);
    const { schema, table } = parseCopy(part.copy);
    const key = keyOfTable(schema, table);
    rows.set(key, (rows.get(key) ?? 0) + count);
  }
  return rows;
}

/** Number of entries in what `pg_restore --list` writes. A list of nothing is an error. */
export async function listEntries(list: AsyncIterable<Buffer>): Promise<number> {
  const lines = (await text(list)).split('\n');
  const entries = lines.filter((line) => /^\d+;/.test(line)).length;
  if (entries > 0) return entries;
  throw new DrillError({
    code: 'backup-invalid',
    what: 'the backup holds no archive',
    expected: 'a table of contents',
    actual: 'pg_restore --list gave none',
  });
}

function countLines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}
