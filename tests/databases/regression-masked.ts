import type { ColumnRule, MaskingPolicy } from '../../domain/masking.ts';
import type { Canary } from '../../domain/system.ts';
import { readColumns, type CatalogueColumn } from '../../masking/columns.ts';
import { withPostgres } from '../../stack/clients.ts';
import { sql } from '../contract/masking-support.ts';
import type { MaskedByRules } from './masked-by-rules.ts';

/** Columns whose values are bound to others: by a key, a constraint, an index, a partition or a generated column. */
const boundColumns = `
  SELECT DISTINCT n.nspname || '.' || c.relname || '.' || a.attname AS place
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE c.relkind IN ('r', 'p') AND (
    EXISTS (SELECT FROM pg_constraint o WHERE o.conrelid = c.oid AND (o.conkey IS NULL OR a.attnum = ANY (o.conkey)))
    OR EXISTS (SELECT FROM pg_constraint o WHERE o.confrelid = c.oid AND a.attnum = ANY (o.confkey))
    OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid)
    OR EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = c.oid AND g.attgenerated <> '')
    OR c.relkind = 'p' OR c.relispartition
    OR EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid OR h.inhparent = c.oid))`;

const madeUp: ColumnRule = { kind: 'keep', reason: 'made up by the tests of PostgreSQL' };

/** The rule for what is bound to nothing, by its type. */
function ruleByType({ baseType, notNull }: CatalogueColumn, at: number): ColumnRule | undefined {
  if (baseType === 'text' || baseType === 'character varying')
    return at % 2 === 0 ? { kind: 'redact', as: 'text' } : { kind: 'replace', template: 'no words' };
  if (baseType === 'jsonb' || baseType === 'json') return { kind: 'redact', as: 'json' };
  if (baseType === 'text[]') return { kind: 'redact', as: 'array' };
  if (baseType === 'date') return { kind: 'replace', template: '1970-01-01' };
  if (baseType === 'numeric') return { kind: 'replace', template: '7' };
  if (baseType === 'inet' || baseType === 'point' || baseType === 'bytea')
    return notNull ? undefined : { kind: 'null' };
  return undefined;
}

/** People, who have rules of their own. */
const people: Record<string, ColumnRule> = {
  'public.customer.name': { kind: 'replace', template: 'Customer {cid}' },
  'public.customer.tel': { kind: 'null' },
  'public.customer.passwd': { kind: 'null' },
  'public.array_op_test.t': { kind: 'redact', as: 'array' },
  'public.testjsonb.j': { kind: 'redact', as: 'json' },
  'public.text_tbl.f1': { kind: 'redact', as: 'text' },
};

const canaries: readonly Canary[] = [
  { id: 1, value: 'Zaharia Quintescu', kind: 'column', place: 'public.customer.name' },
  { id: 2, value: 'Ilinca Vrabioru', kind: 'array', place: 'public.array_op_test.t' },
  { id: 3, value: 'Teofan Murgulet', kind: 'json', place: 'public.testjsonb.j' },
  { id: 4, value: 'Smaranda Ghibu', kind: 'free-text', place: 'public.text_tbl.f1' },
];

/** The regression database, with a rule for every column by its type, and people in four of its tables. */
export const regressionMasked: MaskedByRules = {
  canaries,
  plant: (source) =>
    sql(
      source,
      `INSERT INTO public.customer (cid, name) VALUES (-1, 'Zaharia Quintescu');
       INSERT INTO public.array_op_test (seqno, t) VALUES (-1, '{one,Ilinca Vrabioru}');
       INSERT INTO public.testjsonb VALUES ('{"met": ["Teofan Murgulet"]}');
       INSERT INTO public.text_tbl VALUES ('seen with Smaranda Ghibu')`,
    ),
  async policyOf(source) {
    const bound = new Set((await sql<{ place: string }>(source, boundColumns)).map(({ place }) => place));
    const policy: MaskingPolicy = { tables: {}, largeObjects: { kind: 'replace', text: 'no picture' } };
    const columns = await withPostgres(source.connection, readColumns);
    for (const [at, column] of columns.entries()) {
      const table = `${column.schema}.${column.table}`;
      const place = `${table}.${column.column}`;
      (policy.tables[table] ??= { columns: {} }).columns[column.column] =
        people[place] ?? (bound.has(place) ? undefined : ruleByType(column, at)) ?? madeUp;
    }
    policy.tables['public.num_data'] = { clear: true, columns: {} };
    return policy;
  },
};
