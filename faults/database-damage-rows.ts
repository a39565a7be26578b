import type { Client } from 'pg';
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
    alsoRed: ['integrity.content'],
    damage: deleteRow,
  },
  {
    name: 'value-changed',
    title: 'One value is changed',
    expectedCheck: 'integrity.content',
    damage: changeValue,
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

async function deleteRow(client: Client): Promise<string> {
  const tables = await candidates<{ name: string }>(
    client,
    `SELECT ${relationName} AS name FROM ${relations} WHERE c.relkind = 'r' AND ${ownRelation} ORDER BY ${byReferences}, 1`,
  );
  for (const { name } of tables) {
    const deleted = await withoutTriggers(
      client,
      `DELETE FROM ONLY ${name} WHERE ctid = (SELECT min(ctid) FROM ONLY ${name})`,
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

async function changeValue(client: Client): Promise<string> {
  const types = changes.map(({ type }) => `'${type}'`).join(', ');
  const columns = await candidates<{ name: string; column: string; type: string }>(
    client,
    `SELECT ${relationName} AS name, format('%I', a.attname) AS column, format_type(a.atttypid, NULL) AS type
     FROM ${relations} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND ${ownRelation} AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       AND a.atttypmod = -1 AND format_type(a.atttypid, NULL) IN (${types})
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
         WHERE (k.conrelid = c.oid AND a.attnum = ANY (k.conkey)) OR (k.confrelid = c.oid AND a.attnum = ANY (k.confkey)))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid
         AND (a.attnum = ANY (i.indkey) OR i.indexprs IS NOT NULL AND i.indisunique))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_depend o ON o.objid = s.seqrelid
         WHERE o.refobjid = c.oid AND o.refobjsubid = a.attnum AND o.deptype IN ('a', 'i'))
     ORDER BY array_position(ARRAY[${types}], format_type(a.atttypid, NULL)), ${byReferences}, 1, a.attnum`,
  );
  for (const { name, column, type } of columns) {
    const { change = '', keepsUnequal = 'true' } = changes.find((each) => each.type === type) ?? {};
    const inColumn = (sql: string): string => sql.replaceAll('%COLUMN%', () => column);
    const changed = await withoutTriggers(
      client,
      `UPDATE ONLY ${name} SET ${column} = ${inColumn(change)} WHERE ctid =
        (SELECT min(ctid) FROM ONLY ${name} WHERE ${column} IS NOT NULL AND ${inColumn(keepsUnequal)})`,
    );
    if (changed === 1) return `one value of ${name}.${column} changed`;
  }
  throw nothingToDamage('a value outside of keys');
}

/** Sets the next value to one that is in use: the next insert would break, or overwrite. */
async function setSequenceBack(client: Client): Promise<string> {
  const sequences = await candidates<{ name: string; table: string; column: string; ascending: boolean }>(
    client,
    `SELECT ${relationName} AS name, format('%I.%I', tn.nspname, t.relname) AS table, format('%I', a.attname) AS column,
       s.seqincrement > 0 AS ascending
     FROM pg_catalog.pg_sequence s JOIN ${relations} ON c.oid = s.seqrelid
     JOIN pg_catalog.pg_depend o ON o.classid = 'pg_catalog.pg_class'::regclass AND o.objid = c.oid
       AND o.deptype IN ('a', 'i') AND o.refobjsubid > 0
     JOIN pg_catalog.pg_class t ON t.oid = o.refobjid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
     JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid
     WHERE ${ownRelation} AND a.atttypid = ANY ('{int2,int4,int8}'::regtype[])
     ORDER BY 1, 2, 3`,
  );
  for (const { name, table, column, ascending } of sequences) {
    const { value } = await firstCandidate<{ value: string | null }>(
      client,
      'a greatest value',
      `SELECT ${ascending ? 'max' : 'min'}(${column})::text AS value FROM ${table}`,
    );
    if (value === null) continue;
    // Unlike setval, this is undone by a rollback.
    await client.query(`ALTER SEQUENCE ${name} RESTART WITH ${BigInt(value)}`);
    return `the next value of ${name} is one that ${table}.${column} has already`;
  }
  throw nothingToDamage('a sequence whose column has values');
}

/** Runs a statement as replication does: no trigger, no foreign key and no rule notices. Gives the number of rows. */
async function withoutTriggers(client: Client, statement: string): Promise<number> {
  await client.query('SET LOCAL session_replication_role = replica');
  const { rowCount } = await client.query(statement);
  await client.query('SET LOCAL session_replication_role = origin');
  return rowCount ?? 0;
}
