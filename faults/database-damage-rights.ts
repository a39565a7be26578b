import { firstCandidate, ownRelation, relationName, relations } from './database-damage-choice.ts';
import type { DatabaseDamage } from './database-damage.ts';

/** Damages of who may do what. */
export const rightsDamages: readonly DatabaseDamage[] = [
  {
    name: 'role-attribute-changed',
    title: 'A role passes by row-level security, or no longer does',
    expectedCheck: 'integrity.roles',
    damage: async (client, seed) => {
      const { name, bypasses } = await firstCandidate<{ name: string; bypasses: boolean }>(
        client,
        'a role of the application',
        `SELECT format('%I', rolname) AS name, rolbypassrls AS bypasses, rolbypassrls::int AS rank FROM pg_catalog.pg_roles
         WHERE rolname !~ '^pg_' AND oid <> 10 AND NOT rolsuper AND rolname <> current_user `,
        seed,
      );
      await client.query(`ALTER ROLE ${name} ${bypasses ? 'NOBYPASSRLS' : 'BYPASSRLS'}`);
      return `role ${name} ${bypasses ? 'no longer passes' : 'passes'} by row-level security`;
    },
  },
  {
    name: 'membership-revoked',
    title: 'A role is no longer a member of another',
    expectedCheck: 'integrity.roles',
    damage: async (client, seed) => {
      const { role, member } = await firstCandidate<{ role: string; member: string }>(
        client,
        'a membership of a role of the application',
        `SELECT format('%I', a.rolname) AS role, format('%I', b.rolname) AS member FROM pg_catalog.pg_auth_members m
         JOIN pg_catalog.pg_roles a ON a.oid = m.roleid JOIN pg_catalog.pg_roles b ON b.oid = m.member
         WHERE b.rolname !~ '^pg_'`,
        seed,
      );
      await client.query(`REVOKE ${role} FROM ${member}`);
      return `membership of ${member} in ${role} revoked`;
    },
  },
  {
    name: 'grant-revoked',
    title: 'A privilege on a table is revoked',
    expectedCheck: 'integrity.grants',
    damage: async (client, seed) => {
      const { name, privilege, grantee } = await firstCandidate<{ name: string; privilege: string; grantee: string }>(
        client,
        'a privilege that a role was granted on a table',
        `SELECT ${relationName} AS name, acl.privilege_type AS privilege, format('%I', r.rolname) AS grantee
         FROM ${relations} CROSS JOIN LATERAL aclexplode(c.relacl) AS acl
         JOIN pg_catalog.pg_roles r ON r.oid = acl.grantee
         WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${ownRelation}
           AND acl.grantee <> c.relowner AND acl.grantor = c.relowner`,
        seed,
      );
      await client.query(`REVOKE ${privilege} ON ${name} FROM ${grantee}`);
      return `${privilege} on ${name} revoked from ${grantee}`;
    },
  },
  {
    name: 'policy-dropped',
    title: 'A row-level security policy is missing',
    expectedCheck: 'integrity.policies',
    damage: async (client, seed) => {
      const { table, name } = await firstCandidate<{ table: string; name: string }>(
        client,
        'a policy',
        `SELECT ${relationName} AS table, format('%I', p.polname) AS name
         FROM pg_catalog.pg_policy p JOIN ${relations} ON c.oid = p.polrelid WHERE ${ownRelation}`,
        seed,
      );
      await client.query(`DROP POLICY ${name} ON ${table}`);
      return `policy ${name} of ${table} dropped`;
    },
  },
  {
    name: 'row-security-off',
    title: 'Row-level security of a table is switched off',
    expectedCheck: 'integrity.policies',
    damage: async (client, seed) => {
      const { name } = await firstCandidate<{ name: string }>(
        client,
        'a table with row-level security',
        `SELECT ${relationName} AS name FROM ${relations} WHERE c.relrowsecurity AND ${ownRelation}`,
        seed,
      );
      await client.query(`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`);
      return `row-level security of ${name} switched off`;
    },
  },
];
