import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/**
 * Opens a database file that exists. A missing one is an error, since SQLite would make an empty database of it and a
 * lost index would look like an index without documents.
 */
export function openDatabase(file: string): DatabaseSync {
  if (!existsSync(file)) throw new Error(`the database file ${file} is missing`);
  return configured(file);
}

/** Opens a database file and runs its schema, for a file that may be new. */
export function createDatabase(file: string, schema: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const database = configured(file);
  database.exec(schema);
  return database;
}

/** Runs `work` in a transaction that is rolled back when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * The same for work that lets others run in between. Nobody else may use the connection meanwhile: only tasks write, one at
 * a time.
 */
export async function inOpenTransaction<T>(database: DatabaseSync, work: () => Promise<T>): Promise<T> {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = await work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** All rows of a query. `Row` names the columns that the SQL selects. */
export function rows<Row>(database: DatabaseSync, sql: string, ...values: SQLInputValue[]): Row[] {
  return prepared(database, sql).all(...values) as Row[];
}

/** Runs a statement and says how many rows it changed. */
export function run(database: DatabaseSync, sql: string, ...values: SQLInputValue[]): number {
  return Number(prepared(database, sql).run(...values).changes);
}

/** Size of a database by its pages. */
export function databaseBytes(database: DatabaseSync): number {
  const sql = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
  return rows<{ bytes: number }>(database, sql)[0]?.bytes ?? 0;
}

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** Most statements of a connection that are kept; searches with filters make new ones without end. */
const statementsMax = 200;

function prepared(database: DatabaseSync, sql: string): StatementSync {
  let known = statements.get(database);
  if (!known) statements.set(database, (known = new Map()));
  let statement = known.get(sql);
  if (!statement) {
    if (known.size >= statementsMax) known.clear();
    known.set(sql, (statement = database.prepare(sql)));
  }
  return statement;
}

function configured(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    // In WAL mode a committed transaction survives the death of the process, and readers go on while a task writes.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000;');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
