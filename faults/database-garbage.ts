import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { Fault, FaultObservation } from '../domain/fault.ts';
import type { PostgresConnection, PostgresServer } from '../domain/service.ts';
import { withPostgres } from '../stack/clients.ts';
import { observeAnswer } from './observation.ts';
import { struckBook } from './struck.ts';

/** At most so many bytes at the beginning of the table are overwritten: 128 of its pages. */
const garbageBytesMax = 1024 ** 2;

/** The error of PostgreSQL for a page that cannot be one: `data_corrupted` (manual, appendix A). */
const dataCorrupted = 'XX001';

/** What was done to a server: the table, and whether the server is down for it. */
interface Damage {
  postgres: PostgresServer;
  table: Table;
  isDown: boolean;
}

interface Table {
  /** Quoted where it must be, with its schema. */
  name: string;
  /** Below the data folder. */
  path: string;
  sizeBytes: number;
}

const damages = struckBook<Damage>();

/**
 * Pages of the largest table are overwritten on the disk while the server is down. It starts and answers as if nothing
 * was; only who reads those rows is told. The damage stays: recovery has to bring the rows back.
 */
export const databaseGarbage: Fault = {
  name: 'database-garbage',
  title: 'Pages of the largest table of the database are overwritten on the disk',
  claims: [{ target: { service: 'postgres' }, effect: 'impaired' }],

  async inject(stack) {
    const { postgres } = stack;
    const table = damages.get(stack)?.table ?? (await largestTable(postgres.connection));
    if (table === undefined) throw nothingToDamage();
    const damage = { postgres, table, isDown: true };
    damages.note(stack, damage);
    // In order: what is in memory is on the disk then, and no log of changes brings the pages back at the start.
    await postgres.stop();
    await postgres.overwriteFile(table.path, Buffer.alloc(Math.min(table.sizeBytes, garbageBytesMax), 'garbage '));
    await postgres.start();
    damage.isDown = false;
  },

  async observe(stack) {
    const { connection } = stack.postgres;
    const reached = { service: 'postgres', access: connection } as const;
    const answers = await observeAnswer(reached, reached, { kinds: ['answered'], expected: 'yes' });
    const table = damages.get(stack)?.table ?? (await largestTable(connection).catch(() => undefined));
    return [answers, await observeRows(connection, table)];
  },

  /** Only ends an injection that was cut short: the server is not left down. */
  async lift(stack) {
    const damage = damages.take(stack);
    if (damage?.isDown && (await damage.postgres.dataExists())) await damage.postgres.start();
  },
};

/** The largest table of the database that is not the system's own; `undefined` when none has a page. */
async function largestTable(connection: PostgresConnection): Promise<Table | undefined> {
  return withPostgres(connection, async (client) => {
    const { rows } = await client.query<Table>(`
      SELECT format('%I.%I', nspname, relname) AS name, pg_relation_filepath(pg_class.oid) AS path,
        pg_relation_size(pg_class.oid)::float8 AS "sizeBytes"
      FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE relkind IN ('r', 'm') AND relpersistence = 'p' AND pg_relation_size(pg_class.oid) > 0
        AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
      ORDER BY 3 DESC, 1 LIMIT 1`);
    return rows[0];
  });
}

/** Every row is read, and not only counted: an index could count them without the table. */
async function observeRows(connection: PostgresConnection, table: Table | undefined): Promise<FaultObservation> {
  const expected = 'no, invalid page';
  if (table === undefined)
    return { question: 'Can a table be read?', expected, actual: 'there is none', bitten: false };
  const question = `Can ${table.name} be read?`;
  try {
    await withPostgres(connection, (client) => client.query(`SELECT count(t.*) FROM ${table.name} AS t`));
    return { question, expected, actual: 'yes', bitten: false };
  } catch (error) {
    const bitten = error instanceof Error && 'code' in error && error.code === dataCorrupted;
    return { question, expected, actual: `no: ${messageOf(error)}`, bitten };
  }
}

function nothingToDamage(): DrillError {
  return new DrillError({
    code: 'fault-did-not-bite',
    service: 'postgres',
    what: 'there is no table to overwrite',
    expected: 'a table with rows in the database of the stack',
  });
}
