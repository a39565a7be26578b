import type { ObservationFormat } from '../domain/recovery.ts';
import { inUserSchema, notOfExtension } from './catalogue-filters.ts';

/**
 * One line for each object and grantee with all the privileges, `*` behind one that may be passed on. An object whose
 * privileges were never touched has none written down: then its default ones count (`acldefault`), so that it does
 * not differ from one that was granted them by name. `implied` are those that need no line.
 */
function privileges(options: { object: string; list: string; from: string; where: string; implied?: string }): string {
  const { object, list, from, where, implied = 'false' } = options;
  return `
    SELECT object || ': '
      || CASE WHEN grantee = 0 THEN 'public' ELSE format('%I', pg_get_userbyid(grantee)) END || ' '
      || string_agg(privilege, ', ' ORDER BY privilege) AS line
    FROM (
      SELECT DISTINCT ${object} AS object, acl.grantee,
        lower(acl.privilege_type COLLATE "C") || CASE WHEN acl.is_grantable THEN '*' ELSE '' END AS privilege
      FROM ${from} CROSS JOIN LATERAL aclexplode(${list}) AS acl
      WHERE ${where} AND NOT (${implied})
    ) AS granted
    GROUP BY object, grantee`;
}

const relationKind = `CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialised view'
  WHEN 'f' THEN 'foreign table' ELSE 'table' END`;
const relation = `format('%s %I.%I', ${relationKind}, n.nspname, c.relname)`;
const relations = 'pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace';
const ownRelation = `c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND ${inUserSchema('n')}`;

const routine = `format('function %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`;
const routines = 'pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace';

const types = `pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid`;
const ownType = `(t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c') AND ${inUserSchema('n')} AND ${notOfExtension('pg_type', 't')}`;

/** What an extension made belongs to whoever creates the extension again, so its owner's own rights are no evidence. */
const ownersOfExtension = (catalogue: string, object: string, owner: string): string =>
  `acl.grantee = ${object}.${owner} AND NOT ${notOfExtension(catalogue, object)}`;

const inEveryFormat: readonly string[] = [
  privileges({
    object: relation,
    list: `coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner))`,
    from: relations,
    where: ownRelation,
    implied: ownersOfExtension('pg_class', 'c', 'relowner'),
  }),
  privileges({
    object: `format('column %I.%I.%I', n.nspname, c.relname, a.attname)`,
    list: 'a.attacl',
    from: `${relations} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped`,
    where: ownRelation,
  }),
  privileges({
    object: `format('schema %I', n.nspname)`,
    list: `coalesce(n.nspacl, acldefault('n', n.nspowner))`,
    from: 'pg_catalog.pg_namespace n',
    where: inUserSchema('n'),
    implied: ownersOfExtension('pg_namespace', 'n', 'nspowner'),
  }),
  privileges({
    object: routine,
    list: `coalesce(p.proacl, acldefault('f', p.proowner))`,
    from: routines,
    where: inUserSchema('n'),
    implied: ownersOfExtension('pg_proc', 'p', 'proowner'),
  }),
  privileges({
    object: `format('type %I.%I', n.nspname, t.typname)`,
    list: `coalesce(t.typacl, acldefault('T', t.typowner))`,
    from: types,
    where: ownType,
  }),
  privileges({
    object: `'database'`,
    list: `coalesce(b.datacl, acldefault('d', b.datdba))`,
    from: 'pg_catalog.pg_database b',
    where: 'b.datname = current_database()',
  }),
  privileges({
    object: `format('new %s of %I%s', CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
      WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE d.defaclobjtype::text END,
      pg_get_userbyid(d.defaclrole), coalesce(' in ' || quote_ident(n.nspname), ''))`,
    list: 'd.defaclacl',
    from: 'pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace',
    where: 'true',
  }),
  `SELECT format('%s owned by %I', ${relation}, pg_get_userbyid(c.relowner)) AS line
   FROM ${relations} WHERE ${ownRelation} AND ${notOfExtension('pg_class', 'c')}`,
  `SELECT format('%s owned by %I', ${routine}, pg_get_userbyid(p.proowner)) AS line
   FROM ${routines} WHERE ${inUserSchema('n')} AND ${notOfExtension('pg_proc', 'p')}`,
  `SELECT format('type %I.%I owned by %I', n.nspname, t.typname, pg_get_userbyid(t.typowner)) AS line
   FROM ${types} WHERE ${ownType}`,
  `SELECT format('schema %I owned by %I', n.nspname, pg_get_userbyid(n.nspowner)) AS line
   FROM pg_catalog.pg_namespace n WHERE ${inUserSchema('n')} AND ${notOfExtension('pg_namespace', 'n')}`,
];

/** Each query gives one column, `line`. */
export function grantQueries(format: ObservationFormat): readonly string[] {
  return format === 1 ? inEveryFormat : [...inEveryFormat, ...ofLargeObjects];
}

const ofLargeObjects: readonly string[] = [
  privileges({
    object: `format('large object %s', o.oid)`,
    list: `coalesce(o.lomacl, acldefault('L', o.lomowner))`,
    from: 'pg_catalog.pg_largeobject_metadata o',
    where: 'true',
  }),
  `SELECT format('large object %s owned by %I', o.oid, pg_get_userbyid(o.lomowner)) AS line
   FROM pg_catalog.pg_largeobject_metadata o`,
];
