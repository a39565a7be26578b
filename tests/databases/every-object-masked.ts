import { expect } from 'vitest';
import type { ColumnRule, MaskingPolicy } from '../../domain/masking.ts';
import { readColumns } from '../../masking/columns.ts';
import { withPostgres } from '../../stack/clients.ts';
import { sql } from '../contract/masking-support.ts';
import type { MaskedByRules } from './masked-by-rules.ts';

/** Beside every kind of object: types that masking must name with care, and sessions that the database wants to end. */
export const hardToMask = `
  CREATE TABLE shop.documents (id int PRIMARY KEY, body xml, name citext, seat shop.widget, codes shop.percent[]);
  INSERT INTO shop.documents VALUES (1, '<by>Zaharia Quintescu</by>', 'Zaharia Quintescu', 'Zaharia Quintescu', '{1}');
  ALTER DATABASE CURRENT_DATABASE_NAME SET statement_timeout = '1ms';`;

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
export const everyObjectMasked: MaskedByRules = {
  canaries: [{ id: 1, value: 'Zaharia Quintescu', kind: 'column', place: 'shop.documents.name' }],
  async policyOf(source) {
    const policy: MaskingPolicy = { tables: {}, largeObjects: { kind: 'replace', text: 'no picture' } };
    for (const { schema, table, column } of await withPostgres(source.connection, readColumns)) {
      const name = `${schema}.${table}`;
      const rules = (policy.tables[name] ??= { columns: {} });
      rules.columns[column] = masked[`${name}.${column}`] ?? { kind: 'keep' };
    }
    policy.tables['shop.again'] = { clear: true, columns: {} };
    return policy;
  },
  async look(copy) {
    expect(await sql(copy, 'SELECT body::text, name::text, seat::text, codes::text FROM shop.documents')).toEqual([
      { body: '<none/>', name: 'Person 1', seat: 'a seat', codes: '{1.00}' },
    ]);
    const [first] = await sql(copy, 'SELECT share::text, during::text, spot, part, raw FROM shop.items ORDER BY id');
    expect(first).toEqual({ share: '7.00', during: '[a,b)', spot: null, part: null, raw: null });
  },
};
