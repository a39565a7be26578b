import type { ObservationFormat } from '../domain/recovery.ts';
import { notPredefinedRole, ownRole } from './catalogue-filters.ts';

/** Which roles are read. Up to format 1 the bootstrap superuser was left out, with its settings. */
const chosen = (role: string, format: ObservationFormat): string =>
  format === 1 ? ownRole(role) : notPredefinedRole(role);

const attributes = (format: ObservationFormat): string => `
  SELECT format('role %I %s', rolname, concat_ws(' ',
    CASE WHEN rolsuper THEN 'superuser' END,
    CASE WHEN rolinherit THEN 'inherit' ELSE 'noinherit' END,
    CASE WHEN rolcreaterole THEN 'createrole' END,
    CASE WHEN rolcreatedb THEN 'createdb' END,
    CASE WHEN rolcanlogin THEN 'login' ELSE 'nologin' END,
    CASE WHEN rolreplication THEN 'replication' END,
    CASE WHEN rolbypassrls THEN 'bypassrls' END,
    CASE WHEN rolconnlimit >= 0 THEN 'connection limit ' || rolconnlimit END,
    'valid until ' || rolvaliduntil::text)) AS line
  FROM pg_catalog.pg_roles r WHERE ${chosen('r', format)}`;

/** The further columns of a membership (from version 16 on) are read by their names, where they are there. */
const memberships = (format: ObservationFormat): string => `
  SELECT DISTINCT format('role %I member of %I%s', member.rolname, granted.rolname, concat_ws(' ', '',
    CASE WHEN m.admin_option THEN 'with admin option' END,
    CASE WHEN to_jsonb(m) ->> 'inherit_option' = 'false' THEN 'without inheriting' END,
    CASE WHEN to_jsonb(m) ->> 'set_option' = 'false' THEN 'without set role' END)) AS line
  FROM pg_catalog.pg_auth_members m
  JOIN pg_catalog.pg_roles member ON member.oid = m.member
  JOIN pg_catalog.pg_roles granted ON granted.oid = m.roleid
  WHERE ${chosen('member', format)}`;

/** Settings of roles and of this database; a value may be a secret, so only its hash is kept. */
const settings = (format: ObservationFormat): string => `
  SELECT format('%s%s setting %s', CASE WHEN s.setrole = 0 THEN 'every role' ELSE format('role %I', r.rolname) END,
      CASE WHEN s.setdatabase = 0 THEN '' ELSE ' in this database' END, split_part(setting, '=', 1)) AS line,
    setting AS body
  FROM pg_catalog.pg_db_role_setting s
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
  CROSS JOIN unnest(s.setconfig) AS setting
  WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
    AND (s.setrole = 0 OR ${chosen('r', format)})`;

/** `lines` give one column, `line`; `settings` give `line` and `body`. */
export const roleQueries = {
  lines: (format: ObservationFormat): string[] => [attributes(format), memberships(format)],
  settings,
} as const;
