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

/** Numbers of runs; of very many the first and how many more. */
export function runList(runs: readonly number[]): string {
  const shown = runs.slice(0, 20).join(', ');
  return runs.length > 20 ? `${shown} and ${runs.length - 20} more` : shown;
}

/** Ascending numbers, those that follow each other as one range: `1 to 99, 101, 103 to 120`. */
export function rangeList(numbers: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range && number === range.last + 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first} to ${last}`)).join(', ');
}
