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
    damage: async (client) => {
      const { table, name } = await chooseConstraint(client);
      await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
      return `constraint ${name} of ${table} dropped`;
    },
  },
  {
    name: 'constraint-not-validated',
    title: 'A constraint was never held against the rows',
    expectedCheck: 'integrity.constraints',
    damage: async (client) => {
      const { table, name, definition } = await chooseConstraint(client);
      await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`);
      return `constraint ${name} of ${table} not validated`;
    },
  },
  {
    name: 'index-missing',
    title: 'An index is missing',
    expectedCheck: 'integrity.indexes',
    damage: async (client) => {
      const { name } = await chooseIndex(client);
      await client.query(`DROP INDEX ${name}`);
      return `index ${name} dropped`;
    },
  },
  {
    name: 'index-invalid',
    title: 'An index is invalid, so that no query uses it',
    expectedCheck: 'integrity.indexes',
    damage: async (client) => {
      const { name } = await chooseIndex(client);
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
    damage: async (client) => {
      const extensions = await candidates<{ name: string }>(
        client,
        `SELECT format('%I', extname) AS name FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,
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
    name: 'role-attribute-changed',
    title: 'A role passes by row-level security, or no longer does',
    expectedCheck: 'integrity.roles',
    damage: async (client) => {
      const { name, bypasses } = await firstCandidate<{ name: string; bypasses: boolean }>(
        client,
        'a role of the application',
        `SELECT format('%I', rolname) AS name, rolbypassrls AS bypasses FROM pg_catalog.pg_roles
         WHERE rolname !~ '^pg_' AND oid <> 10 AND NOT rolsuper AND rolname <> current_user ORDER BY rolbypassrls, 1`,
      );
      await client.query(`ALTER ROLE ${name} ${bypasses ? 'NOBYPASSRLS' : 'BYPASSRLS'}`);
      return `role ${name} ${bypasses ? 'no longer passes' : 'passes'} by row-level security`;
    },
  },
  {
    name: 'grant-revoked',
    title: 'A privilege on a table is revoked',
    expectedCheck: 'integrity.grants',
    damage: async (client) => {
      const { name, privilege, grantee } = await firstCandidate<{ name: string; privilege: string; grantee: string }>(
        client,
        'a privilege that a role was granted on a table',
        `SELECT ${relationName} AS name, acl.privilege_type AS privilege, format('%I', r.rolname) AS grantee
         FROM ${relations} CROSS JOIN LATERAL aclexplode(c.relacl) AS acl
         JOIN pg_catalog.pg_roles r ON r.oid = acl.grantee
         WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${ownRelation}
           AND acl.grantee <> c.relowner AND acl.grantor = c.relowner
         ORDER BY 1, 3, 2`,
      );
      await client.query(`REVOKE ${privilege} ON ${name} FROM ${grantee}`);
      return `${privilege} on ${name} revoked from ${grantee}`;
    },
  },
  {
    name: 'policy-dropped',
    title: 'A row-level security policy is missing',
    expectedCheck: 'integrity.policies',
    damage: async (client) => {
      const { table, name } = await firstCandidate<{ table: string; name: string }>(
        client,
        'a policy',
        `SELECT ${relationName} AS table, format('%I', p.polname) AS name
         FROM pg_catalog.pg_policy p JOIN ${relations} ON c.oid = p.polrelid WHERE ${ownRelation} ORDER BY 1, 2`,
      );
      await client.query(`DROP POLICY ${name} ON ${table}`);
      return `policy ${name} of ${table} dropped`;
    },
  },
  {
    name: 'row-security-off',
    title: 'Row-level security of a table is switched off',
    expectedCheck: 'integrity.policies',
    damage: async (client) => {
      const { name } = await firstCandidate<{ name: string }>(
        client,
        'a table with row-level security',
        `SELECT ${relationName} AS name FROM ${relations} WHERE c.relrowsecurity AND ${ownRelation} ORDER BY 1`,
      );
      await client.query(`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`);
      return `row-level security of ${name} switched off`;
    },
  },
  {
    name: 'trigger-disabled',
    title: 'A trigger is disabled',
    expectedCheck: 'integrity.triggers',
    damage: async (client) => {
      const { table, name } = await firstCandidate<{ table: string; name: string }>(
        client,
        'an enabled trigger',
        `SELECT ${relationName} AS table, format('%I', t.tgname) AS name
         FROM pg_catalog.pg_trigger t JOIN ${relations} ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgparentid = 0 AND c.relkind IN ('r', 'p') AND ${ownRelation}
         ORDER BY 1, 2`,
      );
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${name}`);
      return `trigger ${name} of ${table} disabled`;
    },
  },
  {
    name: 'schema-column-dropped',
    title: 'A column is missing',
    expectedCheck: 'integrity.schema',
    // The rows that had the column read otherwise.
    alsoRed: ['integrity.content'],
    damage: async (client) => {
      const columns = await chooseColumns(client);
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
async function chooseConstraint(client: Client): Promise<{ table: string; name: string; definition: string }> {
  return firstCandidate(
    client,
    'a foreign key or check constraint',
    `SELECT ${relationName} AS table, format('%I', k.conname) AS name, pg_get_constraintdef(k.oid) AS definition
     FROM pg_catalog.pg_constraint k JOIN ${relations} ON c.oid = k.conrelid
     WHERE k.contype IN ('f', 'c') AND k.conparentid = 0 AND k.conislocal AND k.convalidated AND NOT c.relispartition
       AND c.relkind = 'r' AND ${ownRelation} ORDER BY k.contype = 'c', 1, 2`,
  );
}

/** An index that no constraint rests on, of a table of its own. */
async function chooseIndex(client: Client): Promise<{ name: string }> {
  return firstCandidate(
    client,
    'an index that no constraint rests on',
    `SELECT format('%I.%I', n.nspname, x.relname) AS name
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN ${relations} ON c.oid = i.indrelid
     WHERE x.relkind = 'i' AND NOT x.relispartition AND c.relkind = 'r' AND NOT i.indisreplident AND i.indisvalid
       AND ${ownRelation}
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid)
     ORDER BY i.indisunique, 1`,
  );
}

/** Columns of ordinary tables outside of keys, indexes, sequences and grants of their own. */
async function chooseColumns(client: Client): Promise<{ table: string; name: string }[]> {
  return candidates(
    client,
    `SELECT ${relationName} AS table, format('%I', a.attname) AS name
     FROM ${relations} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND NOT c.relispartition AND NOT c.relhassubclass AND ${ownRelation}
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal AND NOT a.atthasdef AND a.attidentity = ''
       AND a.attacl IS NULL
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
         WHERE (k.conrelid = c.oid AND a.attnum = ANY (k.conkey)) OR (k.confrelid = c.oid AND a.attnum = ANY (k.confkey)))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
         AND d.refobjid = c.oid AND d.refobjsubid = a.attnum)
     ORDER BY 1, a.attnum`,
  );
}
