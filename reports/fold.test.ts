import { expect, test } from 'vitest';
import { mark, type Block, type Cell, type Section } from './blocks.ts';
import { folded, type Fold } from './fold.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { sampleNames, sampleRecord } from './sample-records.test-data.ts';

const columns = ['Check', 'Verdict', 'Expected', 'Actual', 'Why'].map((title) => ({ title }));
const row = (verdict: Parameters<typeof mark>[0], name: string): Cell[] => [name, mark(verdict), 'a', 'b', 'c'];
const section = (...blocks: Block[]): Section => ({ number: 1, title: 'Checks', blocks });
const isFold = (part: Block | Fold): part is Fold => part.kind === 'fold';

test('red rows stay, the others fold, and the fold says what is in it', () => {
  const rows = [row('pass', 'one'), row('fail', 'two'), row('not-applicable', 'three'), row('inconclusive', 'four')];
  const parts = folded(section({ kind: 'table', title: 'Checks', columns, rows }));
  expect(parts).toMatchObject([
    { kind: 'table', title: 'Checks', rows: [rows[1], rows[3]] },
    { kind: 'fold', summary: 'Checks, the others: 1 PASS, 1 NOT APPLICABLE', blocks: [{ rows: [rows[0], rows[2]] }] },
  ]);
});

test('a table that is green throughout is one line', () => {
  const rows = ['one', 'two', 'three', 'four'].map((name) => row('pass', name));
  expect(folded(section({ kind: 'table', title: 'Checks', columns, rows }))).toMatchObject([
    { kind: 'fold', summary: 'Checks: 4 PASS', verdict: 'pass' },
  ]);
});

test('what tells the story stays as it is', () => {
  const table: Block = { kind: 'table', title: 'Steps', columns, rows: [row('pass', 'one')], open: true };
  expect(folded(section(table))).toEqual([table]);
});

test('a table that repeats the chart before it is folded, one that stands alone is not', () => {
  const rows = ['1', '2', '3', '4'].map((name): Cell[] => [name, 'x']);
  const table: Block = { kind: 'table', title: 'Phases', columns: columns.slice(0, 2), rows };
  const chart: Block = { kind: 'chart', chart: 'phases', title: 'Phases', alternative: 'words' };
  expect(folded(section(chart, table))[1]).toMatchObject({ kind: 'fold', summary: 'Phases, as a table' });
  expect(folded(section(table))).toEqual([table]);
});

test.for(sampleNames)('no red row of %s is folded, and none is lost', async (name) => {
  const html = await renderHtml(sampleRecord(name));
  const folds = html.match(/<details class="fold">[\s\S]*?<\/details>/g) ?? [];
  for (const fold of folds) expect(fold).not.toMatch(/mark is-(fail|inconclusive)/);
  const rows = (text: string): number => text.split(/<tr role="row">\s*<td/).length - 1;
  const markdown = renderMarkdown(sampleRecord(name));
  const markdownRows = markdown.split('\n').filter((line) => /^\| (?!---|\|)/.test(line));
  expect(rows(html)).toBeGreaterThan(0);
  expect(markdownRows.length).toBeGreaterThanOrEqual(rows(html));
});

test('what failed or was inconclusive stands before everything else but the verdict', async () => {
  const html = await renderHtml(sampleRecord('failing'));
  const at = (text: string): number => html.indexOf(text);
  expect(at('What failed or was inconclusive')).toBeGreaterThan(at('class="verdict'));
  expect(at('What failed or was inconclusive')).toBeLessThan(at('Executive Summary:'));
  expect(await renderHtml(sampleRecord('passing'))).not.toContain('What failed or was inconclusive');
  expect(folded(section()).filter(isFold)).toEqual([]);
});
