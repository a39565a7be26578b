import type { ObjectDamage, Struck } from './object-damage.ts';

/** Roles of the application, with what is needed to put each back as it was. */
const roles = (where = 'true'): string => `
  SELECT format('%I', r.rolname) AS name, r.rolconnlimit::text AS "limit",
    coalesce(quote_literal(r.rolpassword), 'NULL') AS password,
    coalesce(quote_literal(shobj_description(r.oid, 'pg_authid')), 'NULL') AS comment,
    coalesce(quote_literal(r.rolvaliduntil::text), quote_literal('infinity')) AS until
  FROM pg_catalog.pg_authid r WHERE r.rolname !~ '^pg_' AND r.oid <> 10 AND ${where}`;

function changed(name: string, find: string, statement: string, undo: string, object: string): ObjectDamage {
  const fill = (text: string, struck: Struck): string =>
    text.replaceAll(/%(\w+)%/g, (_, column: string) => struck[column] ?? '');
  return {
    name,
    check: 'integrity.globals',
    find,
    damage: (struck) => fill(statement, struck),
    undo: (struck) => fill(undo, struck),
    object: (struck) => fill(object, struck),
  };
}

/** What belongs to the whole server. Each can be taken back, since it cannot be done to a copy of the database. */
export const globalDamages: readonly ObjectDamage[] = [
  changed(
    'password-changed',
    roles('r.rolpassword IS NULL'),
    "ALTER ROLE %name% PASSWORD 'drill'",
    'ALTER ROLE %name% PASSWORD %password%',
    'ROLE %name%',
  ),
  changed(
    'password-removed',
    roles('r.rolpassword IS NOT NULL'),
    'ALTER ROLE %name% PASSWORD NULL',
    'ALTER ROLE %name% PASSWORD %password%',
    'ROLE %name%',
  ),
  changed(
    'connection-limit',
    roles(),
    'ALTER ROLE %name% CONNECTION LIMIT 1077',
    'ALTER ROLE %name% CONNECTION LIMIT %limit%',
    'ROLE %name%',
  ),
  changed(
    'comment-on-role',
    roles(),
    "COMMENT ON ROLE %name% IS 'drill'",
    'COMMENT ON ROLE %name% IS %comment%',
    'COMMENT ON ROLE %name%',
  ),
  changed(
    'setting-of-role',
    roles(),
    "ALTER ROLE %name% SET geqo_threshold = '77'",
    'ALTER ROLE %name% RESET geqo_threshold',
    'ROLE %name% SET geqo_threshold',
  ),
  changed(
    'setting-of-every-role',
    'SELECT 1 AS one',
    "ALTER ROLE ALL SET geqo_threshold = '77'",
    'ALTER ROLE ALL RESET geqo_threshold',
    'ROLE ALL SET "geqo_threshold"',
  ),
  changed(
    'setting-of-the-bootstrap-superuser',
    `SELECT format('%I', rolname) AS name FROM pg_catalog.pg_roles WHERE oid = 10`,
    "ALTER ROLE %name% SET geqo_threshold = '77'",
    'ALTER ROLE %name% RESET geqo_threshold',
    'ROLE %name% SET geqo_threshold',
  ),
  changed(
    'membership',
    `SELECT format('%I', a.rolname) AS role, format('%I', b.rolname) AS member
     FROM pg_catalog.pg_roles a JOIN pg_catalog.pg_roles b ON b.oid <> a.oid
     WHERE a.rolname = 'pg_read_all_stats' AND b.rolname !~ '^pg_' AND b.oid <> 10
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.roleid = a.oid AND m.member = b.oid)`,
    'GRANT %role% TO %member%',
    'REVOKE %role% FROM %member%',
    'MEMBERSHIP OF %member% IN %role%',
  ),
  changed(
    'rights-on-parameter',
    roles(),
    'GRANT SET ON PARAMETER geqo_seed TO %name%',
    'REVOKE SET ON PARAMETER geqo_seed FROM %name%',
    'PARAMETER geqo_seed',
  ),
  changed(
    'role-appears',
    'SELECT 1 AS one',
    'CREATE ROLE firedrill_intruder NOLOGIN',
    'DROP ROLE firedrill_intruder',
    'ROLE firedrill_intruder',
  ),
];
