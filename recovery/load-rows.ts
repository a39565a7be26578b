import { DatabaseError, type Client } from 'pg';
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { DrillError } from '../domain/drill-error.ts';
import type { PartitionedRoot, TablePlan } from '../domain/masking.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import { restoreError, type RestoreSession } from './restore-session.ts';
import { handOver } from './hand-over.ts';

/** A table, its rows' COPY statement without the semicolon, and what is to be done with them. */
export interface RowsTarget {
  /** For messages: `TABLE DATA public.orders`. */
  title: string;
  copy: string;
  /**
   * This restore has created the table. Then it is emptied in the same transaction, so that the server may write the
   * rows frozen, and without a log of them where its `wal_level` allows that.
   */
  fresh: boolean;
  plan: TablePlan;
  /** The rows go through this table into whichever partition fits. */
  through?: PartitionedRoot;
}

export interface LoadedRows {
  rows: number;
  /** Of the rows as they were loaded. */
  sizeBytes: number;
}

/**
 * Loads the rows of one table in one transaction, as the plan says: chunks in COPY text format, of whole rows where the
 * plan transforms them. Rows of a plan that transforms leave this process only transformed. The next chunk is asked for only when the system has taken
 * the bytes of the one before, whose memory may then be used again.
 */
export async function loadRows(
  { client }: RestoreSession,
  { title, copy, fresh, plan, through }: RowsTarget,
  rows: AsyncIterable<Buffer>,
): Promise<LoadedRows> {
  if (plan.load === 'none') {
    // They still pass by in the archive.
    for await (const _chunk of rows);
    return { rows: 0, sizeBytes: 0 };
  }
  const { name } = parseCopy(copy);
  // Both in one message, which is one transaction.
  const target = client.query(copyFrom(fresh ? `TRUNCATE ONLY ${name}; ${copy} WITH (FREEZE)` : copy));
  const ended = finished(target);
  ended.catch(() => undefined);
  let refused: Error | undefined;
  target.on('error', (error) => (refused = error));
  let sizeBytes = 0;
  try {
    for await (const chunk of rows) {
      const loaded = plan.load === 'transformed' ? plan.transform(chunk) : chunk;
      if (loaded.length === 0) continue;
      sizeBytes += loaded.length;
      await handOver(loaded, target, client.connection.stream);
      if (refused) throw refused;
    }
    target.end();
    await ended;
  } catch (error) {
    target.destroy();
    throw through && fitsNoPartition(error) ? noPartition(through, error) : restoreError(title, error);
  }
  return { rows: target.rowCount, sizeBytes };
}

const identifier = String.raw`(?:"(?:[^"]|"")*"|[^\s".,()]+)`;
const copyStatement = new RegExp(`^COPY (${identifier})\\.(${identifier}) +(?:\\((.*)\\) )?FROM stdin$`, 's');

/** Takes a `COPY schema.table (columns) FROM stdin` apart. `name` is quoted as it was; the parts are not. */
export function parseCopy(copy: string): { name: string; schema: string; table: string; columns: string[] } {
  const match = copyStatement.exec(copy);
  const [, schema, table, columns = ''] = match ?? [];
  if (schema === undefined || table === undefined) {
    throw new DrillError({
      code: 'restore-failed',
      what: 'the rows of a table are announced in a form that is not known',
      expected: 'COPY schema.table (columns) FROM stdin',
      actual: copy.slice(0, 80),
    });
  }
  const names = columns.match(new RegExp(identifier, 'g')) ?? [];
  return { name: `${schema}.${table}`, schema: unquoted(schema), table: unquoted(table), columns: names.map(unquoted) };
}

/** A table under a key that does not depend on how names are quoted: `schema.table` where both are plain. */
export function keyOfTable(schema: string, table: string): string {
  return [schema, table]
    .map((name) => (name.includes('.') || name.includes('"') ? JSON.stringify(name) : name))
    .join('.');
}

const qualifiedName = new RegExp(`^(${identifier})\\.(${identifier})$`, 's');

/** The same of a name as SQL quotes it. */
export function tableKey(quoted: string): string {
  const [, schema = '', table = ''] = qualifiedName.exec(quoted) ?? [];
  return keyOfTable(unquoted(schema), unquoted(table));
}

/**
 * Whether the rows of an entry are loaded into another table: of a partition whose rows another server may put elsewhere,
 * pg_dump names its root.
 */
export function throughRoot({ schema, name }: ArchiveEntry, copy: string): boolean {
  const target = parseCopy(copy);
  // In a comment a line feed is a blank.
  const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, ' ');
  return target.schema !== schema || oneLine(target.table) !== oneLine(name);
}

/** The same rows, loaded through the root of their partitions. */
export function copyThrough(client: Client, copy: string, { schema, table }: PartitionedRoot): string {
  const { name } = parseCopy(copy);
  return `COPY ${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}${copy.slice(`COPY ${name}`.length)}`;
}

/** By the function that says so: its words are in the server's language. */
function fitsNoPartition(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.code === '23514' && error.routine === 'ExecFindPartition';
}

function noPartition({ schema, table, maskedKey }: PartitionedRoot, { message }: DatabaseError): DrillError {
  return new DrillError({
    code: 'masking-failed',
    what: `no partition of ${schema}.${table} takes a row with a masked key`,
    expected: `a partition for each value that the policy makes of ${maskedKey.join(', ')}`,
    actual: message,
    hint: 'Choose a rule whose values have a partition, or give the table a default partition.',
  });
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
