import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { TableSample } from '../domain/recovery.ts';
import { inUserSchema, notOfExtension } from './catalogue-filters.ts';
import { isChosen, type TableChoice } from './observe-tables.ts';
import { countedAs } from './partition-roots.ts';
import { lettingGo } from './releasing-locks.ts';

/** So many rows of each end of a table, by its primary key. */
const ofEachEnd = 50;

/**
 * Whole rows of every table as COPY writes them, digested here and not by the server: a second look at the content that
 * shares nothing with the digests of `observeTables` but the settings of the session. Of a table with a primary key the
 * first and the last rows by it; of one without, all rows when they are few, else those whose hash says so.
 */
export async function observeSamples(client: Client, choice: TableChoice = {}): Promise<Record<string, TableSample>> {
  const { rows: tables } = await client.query<SampledTable>(tablesQuery);
  const samples: Record<string, TableSample> = {};
  for (const table of tables) {
    if (!isChosen(choice, table.name)) continue;
    const rows = await lettingGo(client, async () => copyRows(client, await sampleQuery(client, table)));
    samples[table.name] = sampleOf(table.columns, table.key.length > 0 ? rows : rows.sort());
  }
  return samples;
}

interface SampledTable {
  name: string;
  /** By their names; each as it is written in SQL, too. */
  columns: string[];
  expressions: string[];
  /** What rows are ordered by; empty without a primary key. */
  key: string[];
}

const tablesQuery = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name,
    ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname COLLATE "C") AS columns,
    ARRAY(SELECT format('%I', a.attname) FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname COLLATE "C") AS expressions,
    ARRAY(SELECT format('%I', a.attname) || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END
      FROM pg_catalog.pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
      WHERE i.indrelid = c.oid AND i.indisprimary AND k.place <= i.indnkeyatts ORDER BY k.place) AS key
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${inUserSchema('n')} AND ${notOfExtension('pg_class', 'c')}
    AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    AND ${countedAs} = format('%I.%I', n.nspname, c.relname)
  ORDER BY 1`;

async function sampleQuery(client: Client, { name, expressions, key }: SampledTable): Promise<string> {
  const columns = expressions.join(', ');
  if (key.length > 0) {
    const end = (direction: string): string =>
      `(SELECT ${columns} FROM ONLY ${name} ORDER BY ${key.map((each) => `${each} ${direction}`).join(', ')} LIMIT ${ofEachEnd})`;
    return `${end('ASC')} UNION ALL ${end('DESC')}`;
  }
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ONLY ${name}`);
  const count = Number(rows[0]?.count ?? 0);
  if (count <= 10 * ofEachEnd) return `SELECT ${columns} FROM ONLY ${name}`;
  // A power of two, so that a few rows more or less choose the same ones.
  const share = 2 ** Math.floor(Math.log2(count / (2 * ofEachEnd)));
  const hash = `hashtextextended(format('%s', ROW(${columns})) COLLATE "C", 1)`;
  // Of few different rows, each many times, it may choose none: those with the least hashes are there in any case.
  return `SELECT ${columns} FROM ONLY ${name} WHERE ${hash} & ${share - 1} = 0
    UNION ALL (SELECT ${columns} FROM ONLY ${name} ORDER BY ${hash} LIMIT ${ofEachEnd})`;
}

async function copyRows(client: Client, query: string): Promise<string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of client.query(copyTo(`COPY (${query}) TO STDOUT`))) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString('latin1').split('\n');
  // The last row ends with a line feed as well.
  return lines.slice(0, -1);
}

function sampleOf(columns: readonly string[], rows: readonly string[]): TableSample {
  const hashes = columns.map(() => createHash('sha256'));
  for (const row of rows) for (const [index, value] of row.split('\t').entries()) hashes[index]?.update(`${value}\n`);
  const digests = columns.map((name, index) => [name, hashes[index]?.digest('hex').slice(0, 16) ?? '']);
  return { rows: rows.length, columns: Object.fromEntries(digests) as Record<string, string> };
}
