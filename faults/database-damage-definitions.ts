import type { Client } from 'pg';
import {
  candidates,
  firstAccepted,
  firstCandidate,
  ownRelation,
  relationName,
  relations,
} from './database-damage-choice.ts';
import type { DatabaseDamage } from './database-damage.ts';

/** Damages of what is around the tables. */
export const definitionDamages: readonly DatabaseDamage[] = [
  {
    name: 'constraint-missing',
    title: 'A foreign key or check constraint is missing',
    expectedCheck: 'integrity.constraints',
    damage: async (client, seed) => {
      const { table, name } = await chooseConstraint(client, seed);
      await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
      return `constraint ${name} of ${table} dropped`;
    },
  },
  {
    name: 'constraint-not-validated',
    title: 'A constraint was never held against the rows',
    expectedCheck: 'integrity.constraints',
    damage: async (client, seed) => {
      const { table, name, definition } = await chooseConstraint(client, seed);
      await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`);
      return `constraint ${name} of ${table} not validated`;
    },
  },
  {
    name: 'index-missing',
    title: 'An index is missing',
    expectedCheck: 'integrity.indexes',
    damage: async (client, seed) => {
      const { name } = await chooseIndex(client, seed);
      await client.query(`DROP INDEX ${name}`);
      return `index ${name} dropped`;
    },
  },
  {
    name: 'index-invalid',
    title: 'An index is invalid, so that no query uses it',
    expectedCheck: 'integrity.indexes',
    damage: async (client, seed) => {
      const { name } = await chooseIndex(client, seed);
      await client.query('UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = $1::regclass', [name]);
      return `index ${name} marked invalid`;
    },
  },
  {
    name: 'extension-missing',
    title: 'An extension is missing',
    expectedCheck: 'integrity.extensions',
    // Its functions and their grants are gone with it, and its comment.
    alsoRed: ['integrity.grants', 'integrity.schema'],
    damage: async (client, seed) => {
      const extensions = await candidates<{ name: string }>(
        client,
        `SELECT format('%I', extname) AS name FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'`,
        seed,
      );
      const { name } = await firstAccepted(
        client,
        'an extension that nothing depends on',
        extensions,
        (extension) => `DROP EXTENSION ${extension.name}`,
      );
      return `extension ${name} dropped`;
    },
  },
  {
    name: 'trigger-disabled',
    title: 'A trigger is disabled',
    expectedCheck: 'integrity.triggers',
    damage: async (client, seed) => {
      const { table, name } = await firstCandidate<{ table: string; name: string }>(
        client,
        'an enabled trigger',
        `SELECT ${relationName} AS table, format('%I', t.tgname) AS name
         FROM pg_catalog.pg_trigger t JOIN ${relations} ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgparentid = 0 AND c.relkind IN ('r', 'p') AND ${ownRelation}`,
        seed,
      );
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${name}`);
      return `trigger ${name} of ${table} disabled`;
    },
  },
  {
    name: 'function-body-changed',
    title: 'The body of a function is another',
    expectedCheck: 'integrity.schema',
    damage: async (client, seed) => {
      const { oid, name } = await firstCandidate<{ oid: string; name: string }>(
        client,
        'a function with a body as text',
        `SELECT p.oid::text AS oid, p.oid::regprocedure::text AS name
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         JOIN pg_catalog.pg_language l ON l.oid = p.prolang
         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND l.lanname IN ('sql', 'plpgsql')
           AND p.prosqlbody IS NULL AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
             WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`,
        seed,
      );
      // One line feed more, which a comparison that collapses them would not see.
      await client.query(`UPDATE pg_catalog.pg_proc SET prosrc = prosrc || E'\\n' WHERE oid = $1`, [oid]);
      return `the body of ${name} has one line feed more`;
    },
  },
  {
    name: 'schema-column-dropped',
    title: 'A column is missing',
    expectedCheck: 'integrity.schema',
    // The rows that had the column read otherwise.
    alsoRed: ['integrity.content', 'integrity.sample'],
    damage: async (client, seed) => {
      const columns = await chooseColumns(client, seed);
      const { table, name } = await firstAccepted(
        client,
        'a column that nothing depends on',
        columns,
        (column) => `ALTER TABLE ${column.table} DROP COLUMN ${column.name} RESTRICT`,
      );
      return `column ${name} of ${table} dropped`;
    },
  },
];

/** Foreign keys first. Those of partitions belong to their parents, and keys carry other things. */
async function chooseConstraint(
  client: Client,
  seed: number,
): Promise<{ table: string; name: string; definition: string }> {
  return firstCandidate(
    client,
    'a foreign key or check constraint',
    `SELECT ${relationName} AS table, format('%I', k.conname) AS name, pg_get_constraintdef(k.oid) AS definition, (k.contype = 'c')::int AS rank
     FROM pg_catalog.pg_constraint k JOIN ${relations} ON c.oid = k.conrelid
     WHERE k.contype IN ('f', 'c') AND k.conparentid = 0 AND k.conislocal AND k.convalidated AND NOT c.relispartition
       AND c.relkind = 'r' AND ${ownRelation}`,
    seed,
  );
}

/** An index that no constraint rests on, of a table of its own. */
async function chooseIndex(client: Client, seed: number): Promise<{ name: string }> {
  return firstCandidate(
    client,
    'an index that no constraint rests on',
    `SELECT format('%I.%I', n.nspname, x.relname) AS name, i.indisunique::int AS rank
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN ${relations} ON c.oid = i.indrelid
     WHERE x.relkind = 'i' AND NOT x.relispartition AND c.relkind = 'r' AND NOT i.indisreplident AND i.indisvalid
       AND ${ownRelation}
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid)`,
    seed,
  );
}

/** Columns of ordinary tables outside of keys, indexes, sequences and grants of their own. */
async function chooseColumns(client: Client, seed: number): Promise<{ table: string; name: string }[]> {
  return candidates(
    client,
    `SELECT ${relationName} AS table, format('%I', a.attname) AS name
     FROM ${relations} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND NOT c.relispartition AND NOT c.relhassubclass AND ${ownRelation}
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal AND a.attinhcount = 0 AND NOT a.atthasdef AND a.attidentity = ''
       AND a.attacl IS NULL
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
         WHERE (k.conrelid = c.oid AND a.attnum = ANY (k.conkey)) OR (k.confrelid = c.oid AND a.attnum = ANY (k.confkey)))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
         AND d.refobjid = c.oid AND d.refobjsubid = a.attnum)`,
    seed,
  );
}
