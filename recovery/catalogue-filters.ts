/** SQL: the schema is one of the database's own, not one of the server's. Names that begin with pg_ are reserved. */
export function inUserSchema(namespace: string): string {
  return `(${namespace}.nspname !~ '^pg_' AND ${namespace}.nspname <> 'information_schema')`;
}

/** SQL: the object does not belong to an extension, which creates it again by itself. */
export function notOfExtension(catalogue: string, object: string): string {
  return `NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.${catalogue}'::regclass AND d.objid = ${object}.oid AND d.deptype = 'e')`;
}

/** SQL: not one of the roles that every server has (`pg_read_all_data`, …); their names are reserved. */
export function notPredefinedRole(role: string): string {
  return `(${role}.rolname !~ '^pg_')`;
}

/** SQL: not a role of the server itself: neither predefined nor the superuser that initdb made (always number 10). */
export function ownRole(role: string): string {
  return `(${role}.rolname !~ '^pg_' AND ${role}.oid <> 10)`;
}
