import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { filterSql, type FilterContext } from './filter-sql.ts';
import { parseFilter, type Filter } from './filter.ts';

const context: FilterContext = {
  indexUid: 'things',
  filterableAttributes: ['size', 'colour.*'],
  fieldsOf: (attribute) => (attribute === 'size' ? [7] : []),
};
const sqlOf = (text: string) => filterSql(parseFilter(text) as Filter, context);

describe('filterSql', () => {
  it('binds every value and pastes none', () => {
    const { sql, values } = sqlOf(`size = "x' OR 1=1 --" AND size > 3`);
    expect(sql).not.toContain('1=1');
    expect(values).toEqual([JSON.stringify(["x' or 1=1 --"]), '[]', 3]);
  });

  it('names attributes that are not filterable, with their place in the condition', () => {
    expect(() => sqlOf('size = 1 OR maker = Karl')).toThrow(
      'Index `things`: Attribute `maker` is not filterable. Available filterable attribute patterns are: `colour.*`, `size`.\n2:7 "maker" = "Karl"',
    );
  });

  it('takes more alternatives than SQLite nests expressions', () => {
    const { sql, values } = sqlOf(Array.from({ length: 2000 }, (_, size) => `size = ${size}`).join(' OR '));
    using database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE facets (docid, field, kind, number, string); CREATE TABLE documents (docid)');
    database.exec('INSERT INTO documents VALUES (1), (2); INSERT INTO facets VALUES (1, 7, 0, 1999, NULL)');
    const found = database.prepare(`SELECT d.docid FROM documents d WHERE ${sql}`).all(...values);
    expect(found.map(({ docid }) => docid)).toEqual([1]);
  });
});
