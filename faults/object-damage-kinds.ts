import type { ObjectDamage } from './object-damage.ts';

const check = 'integrity.definitions';

/** A schema of the database's own, to make something in. */
const anySchema = `SELECT format('%I', nspname) AS schema, nspname AS title FROM pg_catalog.pg_namespace n
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`;
const nothing = 'SELECT 1 AS one';

/** Something of a kind that was not there before. `%S` stands for the schema. */
function appears(kind: string, statement: string, object: string): ObjectDamage {
  return {
    name: `${kind}-appears`,
    check,
    find: statement.includes('%S') ? anySchema : nothing,
    damage: ({ schema = '' }) => statement.replaceAll('%S', () => schema),
    object: ({ title = '' }) => object.replaceAll('%S', () => title),
  };
}

const appearing: readonly ObjectDamage[] = [
  appears('cast', 'CREATE CAST (point AS text) WITH INOUT', 'CAST CAST (point AS text)'),
  appears('operator', 'CREATE OPERATOR %S.<#=> (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl)', 'OPERATOR %S.<#=>'),
  appears('operator-family', 'CREATE OPERATOR FAMILY %S.drill USING hash', 'OPERATOR FAMILY %S.drill'),
  appears(
    'operator-class',
    'CREATE OPERATOR CLASS %S.drill_class FOR TYPE point USING hash AS STORAGE point',
    'OPERATOR CLASS %S.drill_class',
  ),
  appears(
    'aggregate',
    "CREATE AGGREGATE %S.drill (int) (SFUNC = int4pl, STYPE = int, INITCOND = '1')",
    'AGGREGATE %S.drill(integer)',
  ),
  appears('collation', "CREATE COLLATION %S.drill (provider = libc, locale = 'C')", 'COLLATION %S.drill'),
  appears(
    'conversion',
    "CREATE CONVERSION %S.drill FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    'CONVERSION %S.drill',
  ),
  appears(
    'language',
    `CREATE FUNCTION %S.drill_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
     CREATE LANGUAGE pldrill HANDLER %S.drill_handler`,
    'PROCEDURAL LANGUAGE pldrill',
  ),
  appears(
    'transform',
    'CREATE TRANSFORM FOR bigint LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int8recv(internal))',
    'TRANSFORM TRANSFORM FOR bigint LANGUAGE sql',
  ),
  appears('access-method', 'CREATE ACCESS METHOD drill TYPE TABLE HANDLER heap_tableam_handler', 'ACCESS METHOD drill'),
  appears('shell-type', 'CREATE TYPE %S.drill_shell', 'TYPE %S.drill_shell'),
  appears(
    'range',
    'CREATE TYPE %S.drill_range AS RANGE (subtype = float8, subtype_diff = float8mi)',
    'TYPE %S.drill_range',
  ),
  appears(
    'text-search-parser',
    'CREATE TEXT SEARCH PARSER %S.drill (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)',
    'TEXT SEARCH PARSER %S.drill',
  ),
  appears(
    'text-search-template',
    'CREATE TEXT SEARCH TEMPLATE %S.drill (LEXIZE = dsimple_lexize)',
    'TEXT SEARCH TEMPLATE %S.drill',
  ),
  appears(
    'text-search-dictionary',
    'CREATE TEXT SEARCH DICTIONARY %S.drill (TEMPLATE = simple)',
    'TEXT SEARCH DICTIONARY %S.drill',
  ),
  appears(
    'text-search-configuration',
    'CREATE TEXT SEARCH CONFIGURATION %S.drill (COPY = simple)',
    'TEXT SEARCH CONFIGURATION %S.drill',
  ),
  appears('foreign-data-wrapper', 'CREATE FOREIGN DATA WRAPPER drill', 'FOREIGN DATA WRAPPER drill'),
  appears(
    'event-trigger',
    "CREATE FUNCTION %S.drill_event() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER drill ON sql_drop EXECUTE FUNCTION %S.drill_event()",
    'EVENT TRIGGER drill',
  ),
  appears(
    'publication-of-schema',
    'CREATE PUBLICATION drill_schema FOR TABLES IN SCHEMA %S',
    'PUBLICATION TABLES IN SCHEMA %S.drill_schema %S',
  ),
  appears('procedure', "CREATE PROCEDURE %S.drill() LANGUAGE plpgsql AS 'BEGIN END'", 'PROCEDURE %S.drill()'),
  appears(
    'default-rights',
    'ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO PUBLIC',
    'DEFAULT ACL DEFAULT PRIVILEGES FOR TABLES',
  ),
  appears('rights-on-catalogue', 'GRANT SELECT ON pg_catalog.pg_authid TO PUBLIC', 'ACL pg_catalog.TABLE pg_authid'),
  appears('rights-on-language', 'REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC', 'ACL LANGUAGE plpgsql'),
];

/** Objects that belong to no extension. `kind` is the one of `ALTER` and of the title. */
function ownerOf(
  kind: string,
  catalogue: string,
  columns: { name: string; schema?: string; owner: string; oid?: string },
  where = 'true',
): ObjectDamage {
  const { name, schema, owner } = columns;
  const inSchema = schema === undefined ? `format('%I', o.${name})` : `format('%I.%I', n.nspname, o.${name})`;
  const title = schema === undefined ? `o.${name}::text` : `n.nspname || '.' || o.${name}`;
  return {
    name: `owner-of-${kind.toLowerCase().replaceAll(' ', '-')}`,
    check,
    find: `SELECT ${inSchema} AS name, ${title} AS title, format('%I', r.rolname) AS other
      FROM pg_catalog.${catalogue} o ${schema === undefined ? '' : `JOIN pg_catalog.pg_namespace n ON n.oid = o.${schema}`}
      JOIN pg_catalog.pg_roles r ON r.oid <> o.${owner} AND r.rolsuper
      WHERE o.oid >= 16384 AND ${where} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.${catalogue}'::regclass AND d.objid = o.oid AND d.deptype IN ('e', 'i'))`,
    damage: (struck) => `ALTER ${kind} ${struck['name']} OWNER TO ${struck['other']}`,
    object: (struck) => `${kind === 'LANGUAGE' ? 'PROCEDURAL LANGUAGE' : kind} ${struck['title']}`,
  };
}

const owners: readonly ObjectDamage[] = [
  ownerOf('COLLATION', 'pg_collation', { name: 'collname', schema: 'collnamespace', owner: 'collowner' }),
  ownerOf('CONVERSION', 'pg_conversion', { name: 'conname', schema: 'connamespace', owner: 'conowner' }),
  ownerOf('TEXT SEARCH DICTIONARY', 'pg_ts_dict', { name: 'dictname', schema: 'dictnamespace', owner: 'dictowner' }),
  ownerOf('TEXT SEARCH CONFIGURATION', 'pg_ts_config', { name: 'cfgname', schema: 'cfgnamespace', owner: 'cfgowner' }),
  ownerOf('STATISTICS', 'pg_statistic_ext', { name: 'stxname', schema: 'stxnamespace', owner: 'stxowner' }),
  ownerOf('DOMAIN', 'pg_type', { name: 'typname', schema: 'typnamespace', owner: 'typowner' }, "o.typtype = 'd'"),
  ownerOf('SCHEMA', 'pg_namespace', { name: 'nspname', owner: 'nspowner' }, "o.nspname !~ '^pg_'"),
  ownerOf('LANGUAGE', 'pg_language', { name: 'lanname', owner: 'lanowner' }),
  ownerOf('FOREIGN DATA WRAPPER', 'pg_foreign_data_wrapper', { name: 'fdwname', owner: 'fdwowner' }),
  ownerOf('SERVER', 'pg_foreign_server', { name: 'srvname', owner: 'srvowner' }),
  ownerOf('PUBLICATION', 'pg_publication', { name: 'pubname', owner: 'pubowner' }),
  ownerOf('EVENT TRIGGER', 'pg_event_trigger', { name: 'evtname', owner: 'evtowner' }),
  ownerOf(
    'SUBSCRIPTION',
    'pg_subscription',
    { name: 'subname', owner: 'subowner' },
    'o.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())',
  ),
];

/** A change to an object that is there. `name` is its SQL name, `title` the one in what pg_dump prints. */
function changed(name: string, find: string, statement: string, object: string): ObjectDamage {
  const fill = (text: string, struck: Readonly<Record<string, string>>): string =>
    text.replaceAll(/%(\w+)%/g, (_, column: string) => struck[column] ?? '');
  return { name, check, find, damage: (struck) => fill(statement, struck), object: (struck) => fill(object, struck) };
}

const servers = `SELECT format('%I', srvname) AS name, srvname AS title FROM pg_catalog.pg_foreign_server`;
const wrappers = `SELECT format('%I', fdwname) AS name, fdwname AS title FROM pg_catalog.pg_foreign_data_wrapper`;
const here = '(SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())';
const database = `SELECT format('%I', current_database()) AS name, current_database()::text AS title`;

const changes: readonly ObjectDamage[] = [
  changed('rights-on-server', servers, 'GRANT USAGE ON FOREIGN SERVER %name% TO PUBLIC', 'ACL FOREIGN SERVER %title%'),
  changed(
    'rights-on-wrapper',
    wrappers,
    'GRANT USAGE ON FOREIGN DATA WRAPPER %name% TO PUBLIC',
    'ACL FOREIGN DATA WRAPPER %title%',
  ),
  changed('server-option', servers, "ALTER SERVER %name% OPTIONS (ADD drill 'x')", 'SERVER %title%'),
  changed(
    'user-mapping',
    servers,
    "CREATE USER MAPPING FOR PUBLIC SERVER %name% OPTIONS (password 'x')",
    'USER MAPPING USER MAPPING public SERVER %title%',
  ),
  changed(
    'user-mapping-option',
    `SELECT format('%I', usename) AS role, format('%I', srvname) AS name, usename AS title, srvname AS server
     FROM pg_catalog.pg_user_mappings WHERE usename <> 'public'`,
    "ALTER USER MAPPING FOR %role% SERVER %name% OPTIONS (ADD drill 'x')",
    'USER MAPPING USER MAPPING %title% SERVER %server%',
  ),
  changed(
    'subscription',
    `SELECT format('%I', subname) AS name, subname AS title FROM pg_catalog.pg_subscription WHERE subdbid = ${here}`,
    'ALTER SUBSCRIPTION %name% SET (streaming = on)',
    'SUBSCRIPTION %title%',
  ),
  changed(
    'publication-filter',
    `SELECT format('%I', p.pubname) AS name, r.prrelid::regclass::text AS relation, n.nspname || '.' || p.pubname || ' ' || c.relname AS title,
       format('%I', a.attname) AS column
     FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
     JOIN pg_catalog.pg_class c ON c.oid = r.prrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1 WHERE r.prattrs IS NOT NULL`,
    'ALTER PUBLICATION %name% SET TABLE %relation% (%column%) WHERE (%column% IS NOT NULL)',
    'PUBLICATION TABLE %title%',
  ),
  changed(
    'extended-statistics-target',
    `SELECT format('%I.%I', n.nspname, s.stxname) AS name, n.nspname || '.' || s.stxname AS title
     FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace`,
    'ALTER STATISTICS %name% SET STATISTICS 7',
    'STATISTICS %title%',
  ),
  changed(
    'base-type',
    `SELECT t.oid::text AS oid, n.nspname || '.' || t.typname AS title FROM pg_catalog.pg_type t
     JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE t.oid >= 16384 AND t.typtype = 'b' AND t.typcategory <> 'A' AND t.typisdefined AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
       WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')`,
    "UPDATE pg_catalog.pg_type SET typdelim = ';' WHERE oid = %oid%",
    'TYPE %title%',
  ),
  changed(
    'range-collation',
    `SELECT r.rngtypid::text AS oid, n.nspname || '.' || t.typname AS title FROM pg_catalog.pg_range r
     JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE t.oid >= 16384 AND r.rngcollation <> 0`,
    `UPDATE pg_catalog.pg_range SET rngcollation = 'pg_catalog."POSIX"'::regcollation WHERE rngtypid = %oid%`,
    'TYPE %title%',
  ),
  changed('comment-on-database', database, "COMMENT ON DATABASE %name% IS 'drill'", 'COMMENT DATABASE %title%'),
  changed(
    'connection-limit-of-database',
    database,
    'ALTER DATABASE %name% CONNECTION LIMIT 77',
    'DATABASE PROPERTIES %title%',
  ),
  changed(
    'setting-of-database',
    database,
    "ALTER DATABASE %name% SET geqo_threshold = '77'",
    'DATABASE PROPERTIES %title%',
  ),
  changed('template-flag', database, 'ALTER DATABASE %name% IS_TEMPLATE true', 'DATABASE PROPERTIES %title%'),
  changed(
    'comment-on-public',
    `SELECT 1 AS one FROM pg_catalog.pg_namespace WHERE nspname = 'public'`,
    "COMMENT ON SCHEMA public IS 'drill'",
    'COMMENT SCHEMA public',
  ),
];

/** Kinds of object outside of tables. */
export const kindDamages: readonly ObjectDamage[] = [...appearing, ...owners, ...changes];
