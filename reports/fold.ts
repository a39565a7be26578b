import type { Verdict } from '../domain/verdict.ts';
import { isRed } from '../domain/verdict.ts';
import { verdictWords, type Block, type Cell, type Section } from './blocks.ts';
import { counted } from './format.ts';

type Table = Extract<Block, { kind: 'table' }>;

/** Blocks that a page shows closed: what is green, and the data of a chart. A printer gets them open. */
export interface Fold {
  kind: 'fold';
  /** What is in it, and that nothing of it is red. */
  summary: string;
  /** What its rows were judged to be; absent where they were not judged. */
  verdict?: Verdict;
  blocks: Block[];
}

/** So many rows are shown as they are: to open them would cost more than to read them. */
const fewRows = 3;

/**
 * The blocks of a section as a page shows them: of a table of judgements the red rows stay, the others are folded; so is a table that
 * only repeats the chart before it. What tells the story of the run (`open`) stays as it is.
 */
export function folded({ blocks, reference }: Section): (Block | Fold)[] {
  if (reference !== undefined) return [{ kind: 'fold', summary: reference, blocks }];
  return blocks.flatMap((block, index) => {
    if (block.kind !== 'table' || block.open === true) return [block];
    const verdicts = block.rows.map(verdictOf);
    if (verdicts.some((verdict) => verdict !== undefined)) return foldGreen(block, verdicts);
    const isData = blocks[index - 1]?.kind === 'chart';
    return isData && block.rows.length > fewRows
      ? [{ kind: 'fold', summary: `${block.title}, as a table`, blocks: [block] }]
      : [block];
  });
}

function foldGreen(table: Table, verdicts: readonly (Verdict | undefined)[]): (Block | Fold)[] {
  const isShown = (index: number): boolean => verdicts[index] !== undefined && isRed(verdicts[index]);
  const red = table.rows.filter((_row, index) => isShown(index));
  const green = table.rows.filter((_row, index) => !isShown(index));
  if (green.length === 0 || (red.length === 0 && green.length <= fewRows && table.columns.length < 5)) return [table];
  const words = countsOf(verdicts.filter((verdict) => verdict === undefined || !isRed(verdict)));
  const rest: Fold = {
    kind: 'fold',
    summary: red.length === 0 ? `${table.title}: ${words}` : `${table.title}, the others: ${words}`,
    verdict: verdicts.includes('pass') ? 'pass' : 'not-applicable',
    blocks: [{ ...table, rows: green }],
  };
  return red.length === 0 ? [rest] : [{ ...table, rows: red }, rest];
}

/** `12 PASS, 2 NOT APPLICABLE`. */
function countsOf(verdicts: readonly (Verdict | undefined)[]): string {
  const judged = Map.groupBy(verdicts, (verdict) => verdict ?? 'other');
  return [...judged]
    .map(([verdict, { length }]) =>
      verdict === 'other' ? counted(length, 'row') : `${length} ${verdictWords[verdict]}`,
    )
    .join(', ');
}

/** The worst that a row says of itself. */
function verdictOf(row: readonly Cell[]): Verdict | undefined {
  const marks = row.flatMap((cell) => (typeof cell === 'object' && 'mark' in cell ? [cell.mark.verdict] : []));
  return marks.find(isRed) ?? marks.find((verdict) => verdict === 'pass') ?? marks[0];
}
