import { DatabaseError, type Client } from 'pg';
import {
  candidates,
  firstCandidate,
  nothingToDamage,
  ownRelation,
  relationName,
  relations,
} from './database-damage-choice.ts';
import type { DatabaseDamage } from './database-damage.ts';

/** Damages of what is in the tables. */
export const rowDamages: readonly DatabaseDamage[] = [
  {
    name: 'row-missing',
    title: 'One row is missing',
    expectedCheck: 'integrity.rows',
    alsoRed: ['integrity.content', 'integrity.sample'],
    damage: deleteRow,
  },
  {
    name: 'value-changed',
    title: 'One value is changed',
    expectedCheck: 'integrity.content',
    alsoRed: ['integrity.sample'],
    damage: changeValue,
  },
  {
    name: 'empty-for-null',
    title: 'A missing value has become an empty text',
    expectedCheck: 'integrity.content',
    alsoRed: ['integrity.sample'],
    damage: emptyForNull,
  },
  {
    name: 'first-row-changed',
    title: 'One value of the first row of a table is changed',
    expectedCheck: 'integrity.sample',
    alsoRed: ['integrity.content'],
    damage: changeFirstRow,
  },
  {
    name: 'sequence-set-back',
    title: 'A sequence is set back into the values of its column',
    expectedCheck: 'integrity.sequences',
    damage: setSequenceBack,
  },
];

/** Tables that no foreign key points to come first: a row of theirs is missed by nobody. */
const byReferences = `EXISTS (SELECT FROM pg_catalog.pg_constraint f WHERE f.confrelid = c.oid)`;

async function deleteRow(client: Client, seed: number): Promise<string> {
  const tables = await candidates<{ name: string }>(
    client,
    `SELECT ${relationName} AS name, ${byReferences}::int AS rank FROM ${relations} WHERE c.relkind = 'r' AND ${ownRelation}`,
    seed,
  );
  for (const { name } of tables) {
    const deleted = await withoutTriggers(
      client,
      `DELETE FROM ONLY ${name} WHERE ctid = ${drawnRow(name, 'true', seed)}`,
    );
    if (deleted === 1) return `one row of ${name} deleted`;
  }
  throw nothingToDamage('a table with rows');
}

/** Changes that a person would not notice at once, by the column's type; the first fitting type is taken. */
const changes: readonly { type: string; change: string; keepsUnequal?: string }[] = [
  { type: 'text', change: `%COLUMN% || ' '` },
  { type: 'integer', change: `%COLUMN% + 1`, keepsUnequal: `%COLUMN% < 2147483647` },
  { type: 'bigint', change: `%COLUMN% + 1`, keepsUnequal: `%COLUMN% < 9223372036854775807` },
  { type: 'numeric', change: `%COLUMN% + 1`, keepsUnequal: `%COLUMN% <> 'NaN'` },
  { type: 'boolean', change: `NOT %COLUMN%` },
  { type: 'timestamp with time zone', change: `%COLUMN% + interval '1 second'`, keepsUnequal: `isfinite(%COLUMN%)` },
];

/** SQL: which row of those that fulfil the condition the seed says. */
function drawnRow(name: string, condition: string, seed: number): string {
  return `(SELECT ctid FROM ONLY ${name} WHERE ${condition} ORDER BY ctid LIMIT 1
    OFFSET (SELECT ${seed}::bigint * 7919 % greatest(count(*), 1) FROM ONLY ${name} WHERE ${condition}))`;
}

async function emptyForNull(client: Client, seed: number): Promise<string> {
  const columns = await freeColumns(client, ["'text'"], seed);
  for (const { name, column } of columns) {
    const changed = await withoutTriggers(
      client,
      `UPDATE ONLY ${name} SET ${column} = '' WHERE ctid = ${drawnRow(name, `${column} IS NULL`, seed)}`,
    );
    if (changed === 1) return `one missing value of ${name}.${column} made an empty text`;
  }
  throw nothingToDamage('a missing value of a column of text');
}

/** The row that the sample is sure to hold: the first by a primary key of one column. */
async function changeFirstRow(client: Client, seed: number): Promise<string> {
  const keys = await candidates<{ name: string; key: string }>(
    client,
    `SELECT ${relationName} AS name, format('%I', k.attname) || CASE WHEN k.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END AS key
     FROM ${relations} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
     JOIN pg_catalog.pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
     WHERE c.relkind = 'r' AND ${ownRelation}`,
    seed,
  );
  const keyOf = new Map(keys.map(({ name, key }) => [name, key]));
  return changeColumn(client, seed, (name) => {
    const key = keyOf.get(name);
    return key === undefined ? undefined : `(SELECT ctid FROM ONLY ${name} ORDER BY ${key} LIMIT 1)`;
  });
}

async function changeValue(client: Client, seed: number): Promise<string> {
  return changeColumn(client, seed, (name, condition) => drawnRow(name, condition, seed));
}

/** Changes one value of the row that `rowOf` gives as SQL; tables for which it gives none are left alone. */
async function changeColumn(
  client: Client,
  seed: number,
  rowOf: (name: string, condition: string) => string | undefined,
): Promise<string> {
  const columns = await freeColumns(
    client,
    changes.map(({ type }) => `'${type}'`),
    seed,
  );
  for (const { name, column, type } of columns) {
    const { change = '', keepsUnequal = 'true' } = changes.find((each) => each.type === type) ?? {};
    const inColumn = (sql: string): string => sql.replaceAll('%COLUMN%', () => column);
    const condition = `${column} IS NOT NULL AND ${inColumn(keepsUnequal)}`;
    const row = rowOf(name, condition);
    if (row === undefined) continue;
    const changed = await withoutTriggers(
      client,
      `UPDATE ONLY ${name} SET ${column} = ${inColumn(change)} WHERE ctid = ${row} AND ${condition}`,
    );
    if (changed === 1) return `one value of ${name}.${column} changed`;
  }
  throw nothingToDamage('a value outside of keys');
}

/** Columns of these types outside of keys, constraints and unique indexes. */
async function freeColumns(
  client: Client,
  types: readonly string[],
  seed: number,
): Promise<{ name: string; column: string; type: string }[]> {
  return candidates<{ name: string; column: string; type: string }>(
    client,
    `SELECT ${relationName} AS name, format('%I', a.attname) AS column, format_type(a.atttypid, NULL) AS type, ${byReferences}::int AS rank
     FROM ${relations} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND ${ownRelation} AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       AND a.atttypmod = -1 AND format_type(a.atttypid, NULL) IN (${types.join(', ')})
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
         WHERE (k.conrelid = c.oid AND a.attnum = ANY (k.conkey)) OR (k.confrelid = c.oid AND a.attnum = ANY (k.confkey)))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid
         AND (a.attnum = ANY (i.indkey) OR i.indexprs IS NOT NULL AND i.indisunique))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_depend o ON o.objid = s.seqrelid
         WHERE o.refobjid = c.oid AND o.refobjsubid = a.attnum AND o.deptype IN ('a', 'i'))`,
    seed,
  );
}

/** Sets the next value to one that is in use: the next insert would break, or overwrite. */
async function setSequenceBack(client: Client, seed: number): Promise<string> {
  const sequences = await candidates<{ name: string; table: string; column: string; ascending: boolean }>(
    client,
    `SELECT ${relationName} AS name, format('%I.%I', tn.nspname, t.relname) AS table, format('%I', a.attname) AS column,
       s.seqincrement > 0 AS ascending
     FROM pg_catalog.pg_sequence s JOIN ${relations} ON c.oid = s.seqrelid
     JOIN pg_catalog.pg_depend o ON o.classid = 'pg_catalog.pg_class'::regclass AND o.objid = c.oid
       AND o.deptype IN ('a', 'i') AND o.refobjsubid > 0
     JOIN pg_catalog.pg_class t ON t.oid = o.refobjid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
     JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid
     WHERE ${ownRelation} AND a.atttypid = ANY ('{int2,int4,int8}'::regtype[])`,
    seed,
  );
  for (const { name, table, column, ascending } of sequences) {
    const { value } = await firstCandidate<{ value: string | null }>(
      client,
      'a greatest value',
      `SELECT ${ascending ? 'max' : 'min'}(${column})::text AS value FROM ${table}`,
      seed,
    );
    if (value === null) continue;
    // Unlike setval, this is undone by a rollback.
    await client.query(`ALTER SEQUENCE ${name} RESTART WITH ${BigInt(value)}`);
    return `the next value of ${name} is one that ${table}.${column} has already`;
  }
  throw nothingToDamage('a sequence whose column has values');
}

/** The table is published and has nothing to tell its rows apart by (`object_not_in_prerequisite_state`, and others). */
const refusals = ['55000', '42P10', '0A000'];

/**
 * Runs a statement as replication does: no trigger, no foreign key and no rule notices. Gives the number of rows; none
 * where the server does not take changes to the table.
 */
async function withoutTriggers(client: Client, statement: string): Promise<number> {
  await client.query('SET LOCAL session_replication_role = replica');
  await client.query('SAVEPOINT change');
  const changed = await client.query(statement).then(
    ({ rowCount }) => rowCount ?? 0,
    async (error: unknown) => {
      if (!(error instanceof DatabaseError && refusals.includes(error.code ?? ''))) throw error;
      await client.query('ROLLBACK TO SAVEPOINT change');
      return 0;
    },
  );
  await client.query('RELEASE SAVEPOINT change');
  await client.query('SET LOCAL session_replication_role = origin');
  return changed;
}
