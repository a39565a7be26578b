import type { Client } from 'pg';
import { inUserSchema } from './catalogue-filters.ts';
import { ofOutgoingExtension, startsProgram } from './outgoing.ts';

/** What reaches other servers when it is read or called, as far as definitions tell. */
export interface Callers {
  /** Functions of the database's own, as `schema.name(arguments)`, by their numbers. */
  functions: ReadonlyMap<string, string>;
  /** Materialised views, as `JSON.stringify([schema, name])`. */
  materialisedViews: ReadonlySet<string>;
}

/**
 * Finds what leads to a foreign table, to a program, or to a function of an extension that goes out: directly, through
 * views, operators, partitions and other functions. Of a body that is text only, what it names is taken as used. A name
 * that is put together when it runs is not found.
 */
export async function findCallers(client: Client): Promise<Callers> {
  const { rows: objects } = await client.query<CatalogueObject>(objectsQuery);
  const { rows: edges } = await client.query<Edge>(edgesQuery);
  const { rows: sources } = await client.query<Source>(sourcesQuery);
  const reaching = new Set(objects.filter(({ starts }) => starts).map(({ id }) => id));
  if (reaching.size > 0) spread(reaching, objects, edges, sources);
  const own = new Map(objects.map((object) => [object.id, object]));
  const functions = new Map<string, string>();
  for (const { id, title } of sources) if (reaching.has(id)) functions.set(id, title);
  const views = [...reaching].flatMap((id) => {
    const object = own.get(id);
    return object?.kind === 'm' ? [JSON.stringify([object.schema, object.name])] : [];
  });
  return { functions, materialisedViews: new Set(views) };
}

interface CatalogueObject {
  /** Class and number, so that a table and a function never share it. */
  id: string;
  schema: string;
  name: string;
  /** `relkind`, or empty for a function. */
  kind: string;
  /** It goes out by itself: a foreign table, a function of such an extension, one that starts a program. */
  starts: boolean;
}

/** `user` goes out when `used` does. */
interface Edge {
  user: string;
  used: string;
}

interface Source {
  id: string;
  title: string;
  source: string;
}

function spread(
  reaching: Set<string>,
  objects: readonly CatalogueObject[],
  edges: readonly Edge[],
  sources: readonly Source[],
): void {
  const words = sources.map(({ id, source }) => ({ id, words: new Set(wordsOf(source)) }));
  const byId = new Map(objects.map((object) => [object.id, object]));
  for (let before = -1; before !== reaching.size;) {
    before = reaching.size;
    for (const { user, used } of edges) if (reaching.has(used)) reaching.add(user);
    const names = new Set([...reaching].flatMap((id) => wordsOf(byId.get(id)?.name ?? '')));
    for (const { id, words: used } of words) {
      if (!reaching.has(id) && [...names].some((name) => used.has(name))) reaching.add(id);
    }
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];
}

const objectsQuery = `
  SELECT 'c' || c.oid AS id, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, c.relkind = 'f' AS starts
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('f', 'v', 'm', 'p', 'r') AND ${inUserSchema('n')}
  UNION ALL
  SELECT 'p' || p.oid, n.nspname, p.proname, '', ${ofOutgoingExtension('p')} OR ${startsProgram('p')}
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE ${inUserSchema('n')}`;

/** Of a view its rule knows what it reads; a partitioned or inherited table is read with its parts. */
const edgesQuery = `
  SELECT DISTINCT 'c' || r.ev_class AS user, CASE d.refclassid WHEN 'pg_catalog.pg_class'::regclass THEN 'c'
      WHEN 'pg_catalog.pg_proc'::regclass THEN 'p' ELSE 'o' END || d.refobjid AS used
  FROM pg_catalog.pg_rewrite r
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
  WHERE r.ev_type = '1' AND d.refobjid <> r.ev_class AND d.refclassid IN
    ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass)
  UNION
  SELECT CASE d.classid WHEN 'pg_catalog.pg_proc'::regclass THEN 'p' ELSE 'o' END || d.objid,
    CASE d.refclassid WHEN 'pg_catalog.pg_class'::regclass THEN 'c'
      WHEN 'pg_catalog.pg_proc'::regclass THEN 'p' ELSE 'o' END || d.refobjid
  FROM pg_catalog.pg_depend d
  WHERE d.classid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass) AND d.refclassid IN
    ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass)
  UNION
  SELECT 'c' || inhparent, 'c' || inhrelid FROM pg_catalog.pg_inherits`;

const sourcesQuery = `
  SELECT 'p' || p.oid AS id, p.prosrc AS source,
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS title
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE ${inUserSchema('n')} AND l.lanname NOT IN ('c', 'internal')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`;
