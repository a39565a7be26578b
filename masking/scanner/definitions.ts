import type { Relation } from './relations.ts';

/** SQL: the object is none that initdb made (its numbers are below 16384), and none of an extension. */
const own = (catalogue: string, oid: string): string =>
  `(${oid} >= 16384 OR ${oid} = 'public'::regnamespace) AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = ${catalogue} AND d.objid = ${oid} AND d.deptype = 'e')`;

/** Text that a database holds outside of rows, by the catalogue and the column that a leak in it names. */
const texts: [table: string, column: string, query: string][] = [
  ['pg_description', 'description', `SELECT description FROM pg_description WHERE ${own('classoid', 'objoid')}`],
  ['pg_shdescription', 'description', `SELECT description FROM pg_shdescription WHERE objoid >= 16384`],
  ['pg_seclabel', 'label', `SELECT label FROM pg_seclabel`],
  ['pg_proc', 'prosrc', `SELECT prosrc FROM pg_proc p WHERE ${own(`'pg_proc'::regclass`, 'p.oid')}`],
  [
    'pg_class',
    'view',
    `SELECT pg_get_viewdef(oid) FROM pg_class c WHERE relkind IN ('v', 'm') AND ${ownClass('c.oid')}`,
  ],
  ['pg_class', 'relpartbound', `SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition`],
  ['pg_attrdef', 'adbin', `SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE ${ownClass('adrelid')}`],
  ['pg_constraint', 'definition', `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE oid >= 16384`],
  ['pg_index', 'definition', `SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE ${ownClass('indrelid')}`],
  ['pg_trigger', 'definition', `SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal`],
  [
    'pg_rewrite',
    'definition',
    `SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid >= 16384`,
  ],
  [
    'pg_policy',
    'definition',
    `SELECT concat_ws(' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy`,
  ],
  ['pg_enum', 'enumlabel', `SELECT enumlabel FROM pg_enum WHERE oid >= 16384`],
  // What the planner remembers of rows are values of rows.
  [
    'pg_stats',
    'values',
    `SELECT concat_ws(' ', most_common_vals, histogram_bounds, most_common_elems) FROM pg_stats
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  ],
  ['pg_stats_ext', 'values', `SELECT most_common_vals FROM pg_stats_ext WHERE most_common_vals IS NOT NULL`],
];

/**
 * Everything in a database that people wrote and that is no row: comments, bodies of functions, views, defaults,
 * constraints, labels of enums, bounds of partitions, and the statistics, which hold values of rows.
 */
export function definitionTexts(): Relation[] {
  return texts.map(([table, name, query]) => ({
    schema: 'pg_catalog',
    table,
    columns: [{ name, type: 'text' }],
    copy: `COPY (${query}) TO STDOUT`,
  }));
}

function ownClass(oid: string): string {
  return own(`'pg_class'::regclass`, oid);
}
