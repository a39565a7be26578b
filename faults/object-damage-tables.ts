import { ownRelation, relationName, relations } from './database-damage-choice.ts';
import type { ObjectDamage, Struck } from './object-damage.ts';

const title = `n.nspname || '.' || c.relname AS title`;

function tables(where = 'true'): string {
  return `SELECT ${relationName} AS name, ${title} FROM ${relations}
    WHERE c.relkind = 'r' AND NOT c.relispartition AND ${ownRelation} AND ${where}`;
}

function columns(where: string): string {
  return `SELECT ${relationName} AS name, ${title}, format('%I', a.attname) AS column
    FROM ${relations} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND NOT c.relispartition AND ${ownRelation} AND ${where}`;
}

const sequences = `SELECT ${relationName} AS name, ${title} FROM ${relations}
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid AND s.seqincrement > 0 AND s.seqtypid = 'int8'::regtype WHERE ${ownRelation}`;

function changed(name: string, find: string, statement: string, kind: string): ObjectDamage {
  const fill = (struck: Struck): string =>
    statement.replaceAll(/%(\w+)%/g, (_, column: string) => struck[column] ?? '');
  return { name, check: 'integrity.definitions', find, damage: fill, object: (struck) => `${kind} ${struck['title']}` };
}

const text = `a.atttypid = 'text'::regtype`;

/** Details of tables, sequences, indexes and foreign tables. */
export const tableDamages: readonly ObjectDamage[] = [
  changed(
    'storage',
    columns(`${text} AND a.attstorage = 'x'`),
    'ALTER TABLE %name% ALTER COLUMN %column% SET STORAGE MAIN',
    'TABLE',
  ),
  changed(
    'compression',
    columns(`${text} AND a.attcompression = ''`),
    'ALTER TABLE %name% ALTER COLUMN %column% SET COMPRESSION pglz',
    'TABLE',
  ),
  changed('statistics-target', columns('true'), 'ALTER TABLE %name% ALTER COLUMN %column% SET STATISTICS 66', 'TABLE'),
  changed('n-distinct', columns('true'), 'ALTER TABLE %name% ALTER COLUMN %column% SET (n_distinct = 66)', 'TABLE'),
  changed('fill-factor', tables(), 'ALTER TABLE %name% SET (fillfactor = 66)', 'TABLE'),
  changed(
    'toast-option',
    tables('c.reltoastrelid <> 0'),
    'ALTER TABLE %name% SET (toast.vacuum_truncate = false)',
    'TABLE',
  ),
  changed('of-type', tables('c.reloftype <> 0'), 'ALTER TABLE %name% NOT OF', 'TABLE'),
  changed(
    'clustered-on',
    `SELECT ${relationName} AS name, n.nspname || '.' || c.relname || ' ' || x.relname AS title, format('%I', x.relname) AS index
     FROM ${relations} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
     WHERE c.relkind = 'r' AND NOT c.relispartition AND i.indisprimary AND NOT i.indisclustered AND ${ownRelation}`,
    'ALTER TABLE %name% CLUSTER ON %index%',
    'CONSTRAINT',
  ),
  changed(
    'statistics-of-index',
    `SELECT format('%I.%I', n.nspname, x.relname) AS name, n.nspname || '.' || x.relname AS title
     FROM ${relations} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indkey[0] = 0
     JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i' WHERE NOT x.relispartition AND ${ownRelation}`,
    'ALTER INDEX %name% ALTER COLUMN 1 SET STATISTICS 66',
    'INDEX',
  ),
  changed('sequence-increment', sequences, 'ALTER SEQUENCE %name% INCREMENT BY 11', 'SEQUENCE'),
  changed('sequence-maximum', sequences, 'ALTER SEQUENCE %name% MAXVALUE 9000000000000', 'SEQUENCE'),
  changed('sequence-cycle', sequences, 'ALTER SEQUENCE %name% CYCLE', 'SEQUENCE'),
  changed('sequence-cache', sequences, 'ALTER SEQUENCE %name% CACHE 11', 'SEQUENCE'),
  changed(
    'sequence-type',
    `${sequences} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')`,
    'ALTER SEQUENCE %name% AS integer MAXVALUE 2000000000',
    'SEQUENCE',
  ),
  changed(
    'sequence-persistence',
    `SELECT ${relationName} AS name, ${title} FROM ${relations} WHERE c.relkind = 'S' AND c.relpersistence = 'p' AND ${ownRelation}
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')`,
    'ALTER SEQUENCE %name% SET UNLOGGED',
    'SEQUENCE',
  ),
  changed(
    'foreign-table-option',
    `SELECT ${relationName} AS name, ${title} FROM ${relations} WHERE c.relkind = 'f' AND ${ownRelation}`,
    "ALTER FOREIGN TABLE %name% OPTIONS (ADD drill 'x')",
    'FOREIGN TABLE',
  ),
  changed(
    'view-option',
    `SELECT ${relationName} AS name, ${title} FROM ${relations} WHERE c.relkind = 'v' AND ${ownRelation}`,
    'ALTER VIEW %name% SET (security_invoker = true)',
    'VIEW',
  ),
];
