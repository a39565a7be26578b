import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { DrillRecord } from '../domain/record.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Cell } from './blocks.ts';
import { markdownCode, markdownText } from './escape-markdown.ts';
import { issueBlocks, issuesTitle } from './sections/identity.ts';
import { sectionsOf } from './sections/index.ts';
import { summaryOf } from './summary.ts';

/** Everything that a template prints with `<%= %>` is escaped for Markdown. */
const eta = new Eta({
  views: fileURLToPath(new URL('templates', import.meta.url)),
  cache: true,
  escapeFunction: (value) => markdownText(String(value)),
});

/** `report.md`: begins with runbook 001's report template, then the sections. The same record gives the same text. */
export function renderMarkdown(record: DrillRecord): string {
  const summary = summaryOf(record);
  const sections = sectionsOf(record, summary);
  const text = eta.render('report.md.eta', {
    summary,
    sections,
    issues: issueBlocks(record),
    issuesTitle: issuesTitle(record),
    cell: cellText,
  });
  return `${text.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`;
}

const shapes: Record<Verdict, string> = { pass: '✔', fail: '✘', inconclusive: '▲', 'not-applicable': '–' };

/** A cell as Markdown, with the shape of its mark. */
export function cellText(cell: Cell): string {
  if (typeof cell === 'string') return markdownText(cell, true);
  if ('code' in cell) return markdownCode(cell.code, true);
  const lines = (cell.lines ?? []).map((line) => markdownText(line, true));
  if (!('mark' in cell)) return lines.join('<br>');
  return [`${shapes[cell.mark.verdict]} ${markdownText(cell.mark.word, true)}`, ...lines].join('<br>');
}
