import type { ColumnRule, MaskingPolicy } from '../../domain/masking.ts';
import type { CatalogueColumn } from '../../masking/columns.ts';

/** Beside every kind of object: types that masking must name with care, and sessions that the database wants to end. */
export const hardToMask = `
  CREATE TABLE shop.documents (id int PRIMARY KEY, body xml, name citext, seat shop.widget, codes shop.percent[]);
  INSERT INTO shop.documents VALUES (1, '<by>Zaharia Quintescu</by>', 'Zaharia Quintescu', 'Zaharia Quintescu', '{1}');
  ALTER DATABASE CURRENT_DATABASE_NAME SET statement_timeout = '1ms';`;

export const namesInDocuments = [
  { id: 1, value: 'Zaharia Quintescu', kind: 'column' as const, place: 'shop.documents.name' },
];

const replaced = (template: string): ColumnRule => ({ kind: 'replace', template });
const masked: Record<string, ColumnRule> = {
  'shop.documents.body': replaced('<none/>'),
  'shop.documents.name': replaced('Person {id}'),
  'shop.documents.seat': replaced('a seat'),
  'shop.kinds.name': replaced('Kind {id}'),
  'shop.items.note': replaced('a note'),
  'shop.parent.b': { kind: 'redact', as: 'text' },
  'shop.child.b': { kind: 'redact', as: 'text' },
  'shop.items.tags': { kind: 'redact', as: 'array' },
  'shop.items.share': replaced('7.00'),
  'shop.items.spot': { kind: 'null' },
  'shop.items.during': replaced('[a,b)'),
  'shop.items.part': { kind: 'null' },
  'shop.items.raw': { kind: 'null' },
  'shop.cache.value': { kind: 'redact', as: 'json' },
  'shop.by_mood.mood': replaced('fine'),
  'shop.events.what': { kind: 'redact', as: 'text' },
  'Odd "Schema.Odd; Table.it\'s': { kind: 'redact', as: 'text' },
  'Odd "Schema.Odd; Table.select': { kind: 'null' },
};

/** A rule of every kind for the database with an object of every kind; what has none of its own is kept. */
export function policyOfEachKind(columns: readonly CatalogueColumn[]): MaskingPolicy {
  const policy: MaskingPolicy = { tables: {}, largeObjects: { kind: 'replace', text: 'no picture' } };
  for (const { schema, table, column } of columns) {
    const name = `${schema}.${table}`;
    const rules = (policy.tables[name] ??= { columns: {} });
    rules.columns[column] = masked[`${name}.${column}`] ?? { kind: 'keep' };
  }
  policy.tables['shop.again'] = { clear: true, columns: {} };
  return policy;
}
