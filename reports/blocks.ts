import type { Verdict } from '../domain/verdict.ts';

/** A word with a verdict: shown by shape, word and colour. */
export interface Mark {
  verdict: Verdict;
  word: string;
}

/** What stands in a cell: text, a mark with what is to be said of it, something to be read letter by letter, or lines. */
export type Cell = string | { mark: Mark; lines?: string[] } | { code: string } | { lines: string[] };

export interface Column {
  title: string;
  /** Numbers: set to the right, digits of one width. */
  numeric?: boolean;
}

const chartNames = [
  'phases',
  'tracks',
  'rto',
  'target',
  'services',
  'ways',
  'markers',
  'previous',
  'availability',
  'latency',
  'smoke',
  'sustained',
] as const;
export type ChartName = (typeof chartNames)[number];

/** The parts that a section of the report is made of; Markdown and HTML show the same. */
export type Block =
  | { kind: 'text'; text: string }
  /** Says that there is nothing to show, and why. */
  | { kind: 'empty'; text: string }
  | { kind: 'list'; title?: string; items: string[] }
  /** What to type, copied as it stands. */
  | { kind: 'commands'; commands: { title: string; command: string }[] }
  | { kind: 'facts'; facts: { name: string; value: Cell }[] }
  /** `open`: tells the story of the run, so that a page shows all of it. */
  | { kind: 'table'; title: string; columns: Column[]; rows: Cell[][]; open?: true }
  /** Only in HTML; `alternative` says in words what is to be seen, a table with the data follows. */
  | { kind: 'chart'; chart: string; title: string; alternative: string };

export interface Section {
  /** As numbered in the list of an evidence report: gaps are sections that another report holds. */
  number: number;
  title: string;
  blocks: Block[];
  /** What a page shows closed, in words: facts to look up, which tell nothing of what happened. */
  reference?: string;
}

export const verdictWords: Record<Verdict, string> = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
  'not-applicable': 'NOT APPLICABLE',
};

/** The mark of a verdict, in its own word or another. */
export function mark(verdict: Verdict, word = verdictWords[verdict]): { mark: Mark } {
  return { mark: { verdict, word } };
}

/** Facts without the ones whose value is not known. */
export function facts(entries: Record<string, Cell | undefined>): Block {
  return {
    kind: 'facts',
    facts: Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
  };
}
