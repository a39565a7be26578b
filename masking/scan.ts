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

/**
 * Reads every column of every row of a database and looks for canaries, personal values by their pattern, and values of
 * `sourceDigests`. Knows nothing of the masking policy and shares no code with the masking.
 */
export async function scanDatabase(options: ScanOptions & { connection: PostgresConnection }): Promise<ScanResult> {
  const { connection, clock, signal } = options;
  const startedMs = clock.monotonicMs();
  const scanner = createTextScanner(options);
  const tally = new Tally();
  const relations = await withPostgres(connection, readRelations);
  const waiting = [...relations];
  let failure: { cause: unknown } | undefined;
  const checkGoesOn = () => {
    signal?.throwIfAborted();
    if (failure) throw failure.cause;
  };
  const reader = async (client: Client) => {
    await client.query(`SET row_security = off; SET client_encoding = 'UTF8'; SET bytea_output = 'hex'`);
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
  const columns = relations.reduce((total, relation) => total + relation.columns.length, 0);
  return tally.result(columns, clock.monotonicMs() - startedMs);
}

/** The same over rows of one table in COPY text format, in pieces of any size, wherever they come from. */
export async function scanRows(
  shape: TableShape,
  rows: AsyncIterable<Buffer>,
  options: ScanOptions,
): Promise<ScanResult> {
  return scanFields(fieldsOf(shape), rows, options);
}

/** The same over lines of text such as the documents of a search index; `place` is what a leak names. */
export async function scanLines(
  place: string,
  lines: AsyncIterable<string>,
  options: ScanOptions,
): Promise<ScanResult> {
  return scanFields([{ place, type: 'text' }], asRows(lines), options);
}

async function scanFields(fields: Field[], rows: AsyncIterable<Buffer>, options: ScanOptions): Promise<ScanResult> {
  const { clock, progress, signal } = options;
  const startedMs = clock.monotonicMs();
  const tally = new Tally();
  const scan = createRowScanner(fields, createTextScanner(options), tally);
  for await (const whole of wholeRows(rows)) {
    signal?.throwIfAborted();
    scan(whole);
    progress?.advance(tally.rows, undefined, 'rows scanned');
  }
  return tally.result(fields.length, clock.monotonicMs() - startedMs);
}

function fieldsOf({ schema, table, columns }: TableShape): Field[] {
  return columns.map(({ name, type }) => ({ place: `${schema}.${table}.${name}`, type }));
}

/** Lines as rows of one field: white space inside a line parts no fields. */
async function* asRows(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(`${line.replaceAll(/[\t\n\r]/g, ' ')}\n`);
}

async function scanRelation(
  client: Client,
  relation: Relation,
  scanner: TextScanner,
  tally: Tally,
  afterPiece: () => void,
): Promise<void> {
  const scanPiece = createRowScanner(fieldsOf(relation), scanner, tally);
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
