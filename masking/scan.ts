import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { ScanResult, TableShape } from '../domain/masking.ts';
import type { PostgresConnection } from '../domain/service.ts';
import type { Progress } from '../domain/timeline.ts';
import { withPostgres } from '../stack/clients.ts';
import { readRelations, type Relation } from './scanner/relations.ts';
import { createRowScanner, type Field } from './scanner/row-scanner.ts';
import { Tally } from './scanner/tally.ts';
import { createTextScanner, type TextScanner, type TextScannerOptions } from './scanner/text-scanner.ts';
import { wholeRows } from './scanner/whole-rows.ts';

export { SourceDigests } from './scanner/source-digests.ts';
export { mergeScans } from './scanner/tally.ts';

export interface ScanOptions extends TextScannerOptions {
  clock: Clock;
  progress?: Progress;
  signal?: AbortSignal;
}

/** Tables that are read at the same time: while one connection sends, the other one's rows are looked at. */
const connections = 2;

export interface DatabaseScanOptions extends ScanOptions {
  connection: PostgresConnection;
  /** Id of a snapshot of that server (`pg_export_snapshot`) to read by: what was counted in it is what is read. */
  snapshot?: string;
}

/**
 * What a scan sets for its session, whatever database and role say: it reads everything, and nothing cuts it off. Bytes
 * of no encoding, which SQL_ASCII holds, come as they are.
 */
const sessionSettings = `
  SET row_security = off; SET bytea_output = 'hex'; SET statement_timeout = 0;
  SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET search_path = pg_catalog;
  SELECT set_config('client_encoding',
    CASE current_setting('server_encoding') WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END, false)`;

/**
 * Reads every column of every row of a database and looks for canaries, personal values by their pattern, and values of
 * `sourceDigests`. Knows nothing of the masking policy and shares no code with the masking.
 */
export async function scanDatabase(options: DatabaseScanOptions): Promise<ScanResult> {
  const { connection, clock, signal } = options;
  const begin = async (client: Client): Promise<void> => {
    await client.query(sessionSettings);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    if (options.snapshot === undefined) return;
    await client.query(`SET TRANSACTION SNAPSHOT ${client.escapeLiteral(options.snapshot)}`);
  };
  const startedMs = clock.monotonicMs();
  const scanner = createTextScanner(options);
  const tally = new Tally();
  const relations = await withPostgres(connection, async (client) => {
    await begin(client);
    return readRelations(client);
  });
  const waiting = [...relations];
  let failure: { cause: unknown } | undefined;
  const checkGoesOn = () => {
    signal?.throwIfAborted();
    if (failure) throw failure.cause;
  };
  const reader = async (client: Client) => {
    await begin(client);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await scanRelation(client, next, scanner, tally, () => {
        checkGoesOn();
        options.progress?.advance(tally.rows, undefined, 'rows scanned');
      });
    }
  };
  const readers = Array.from({ length: connections }, () =>
    withPostgres(connection, reader).catch((cause: unknown) => {
      failure ??= { cause };
    }),
  );
  await Promise.all(readers);
  checkGoesOn();
  return tally.result(clock.monotonicMs() - startedMs);
}

/** The same over rows of one table in COPY text format, in pieces of any size, wherever they come from. */
export async function scanRows(
  shape: TableShape,
  rows: AsyncIterable<Buffer>,
  options: ScanOptions,
): Promise<ScanResult> {
  return scanFields(nameOf(shape), fieldsOf(shape), rows, options);
}

/** The same over the documents of several indexes, each under `index:name`. */
export async function scanDocuments(
  documents: AsyncIterable<{ index: string; line: string }>,
  options: ScanOptions,
): Promise<ScanResult> {
  const { clock, progress, signal } = options;
  const startedMs = clock.monotonicMs();
  const tally = new Tally();
  const scanner = createTextScanner(options);
  const scans = new Map<string, (rows: Buffer) => void>();
  for await (const { index, line } of documents) {
    signal?.throwIfAborted();
    const place = `index:${index}`;
    const scan = scans.get(place) ?? createRowScanner(place, [{ place, type: 'text' }], scanner, tally);
    scans.set(place, scan);
    scan(asRow(line));
    progress?.advance(tally.rows, undefined, 'documents scanned');
  }
  return tally.result(clock.monotonicMs() - startedMs);
}

async function scanFields(
  place: string,
  fields: Field[],
  rows: AsyncIterable<Buffer>,
  options: ScanOptions,
): Promise<ScanResult> {
  const { clock, progress, signal } = options;
  const startedMs = clock.monotonicMs();
  const tally = new Tally();
  const scan = createRowScanner(place, fields, createTextScanner(options), tally);
  for await (const whole of wholeRows(rows)) {
    signal?.throwIfAborted();
    scan(whole);
    progress?.advance(tally.rows, undefined, 'rows scanned');
  }
  return tally.result(clock.monotonicMs() - startedMs);
}

function nameOf({ schema, table }: TableShape): string {
  return `${schema}.${table}`;
}

function fieldsOf({ schema, table, columns }: TableShape): Field[] {
  return columns.map(({ name, type }) => ({ place: `${schema}.${table}.${name}`, type }));
}

/** A line as a row of one field: white space inside a line parts no fields. */
function asRow(line: string): Buffer {
  return Buffer.from(`${line.replaceAll(/[\t\n\r]/g, ' ')}\n`);
}

async function scanRelation(
  client: Client,
  relation: Relation,
  scanner: TextScanner,
  tally: Tally,
  afterPiece: () => void,
): Promise<void> {
  const scanPiece = createRowScanner(nameOf(relation), fieldsOf(relation), scanner, tally);
  for await (const rows of wholeRows(readThrough(client, relation))) {
    scanPiece(rows);
    afterPiece();
  }
}

/** The rows of a relation as the server copies them out; its errors name the relation. */
async function* readThrough(client: Client, { schema, table, copy }: Relation): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of client.query(copyTo(copy))) yield chunk as Buffer;
  } catch (error) {
    throw new DrillError({
      code: 'masking-failed',
      what: `the leak scan of ${schema}.${table} broke off`,
      expected: 'every row to be read',
      actual: messageOf(error),
      cause: error,
    });
  }
}
