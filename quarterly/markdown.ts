import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import { markdownText } from '../reports/escape-markdown.ts';
import { cellText } from '../reports/markdown.ts';
import { frontOf } from './front.ts';
import type { QuarterlyReport } from './report.ts';
import { quarterlySections } from './sections/index.ts';

/** Parts of sections are those of the report on a run; everything that `<%= %>` prints is escaped for Markdown. */
const eta = new Eta({
  views: fileURLToPath(new URL('../reports/templates', import.meta.url)),
  cache: true,
  escapeFunction: (value) => markdownText(String(value)),
});
const template = '@quarterly';
eta.loadTemplate(template, readFileSync(new URL('templates/quarterly.md.eta', import.meta.url), 'utf8'));

/** `quarterly.md`. The same report gives the same text. */
export function renderQuarterlyMarkdown(report: QuarterlyReport): string {
  const text = eta.render(template, {
    front: frontOf(report),
    sections: quarterlySections(report),
    cell: cellText,
  });
  return `${text.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`;
}
