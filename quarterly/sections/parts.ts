import type { Block, Cell, Column, Section } from '../../reports/blocks.ts';

/** A section that gets its number from its place. */
export type Part = Omit<Section, 'number'>;

/** Columns by their titles; those that end with `#` hold numbers. */
export function columns(...titles: string[]): Column[] {
  return titles.map((title) => (title.endsWith('#') ? { title: title.slice(0, -1).trim(), numeric: true } : { title }));
}

/** A table, or in words why there is none. */
export function tableOr(
  empty: string,
  { title, head, rows }: { title: string; head: Column[]; rows: Cell[][] },
): Block[] {
  return rows.length === 0 ? [{ kind: 'empty', text: empty }] : [{ kind: 'table', title, columns: head, rows }];
}
