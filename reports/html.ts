import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { DrillRecord } from '../domain/record.ts';
import type { Block } from './blocks.ts';
import { folded } from './fold.ts';
import { renderCharts } from './charts/render.ts';
import { issueBlocks, issuesTitle } from './sections/identity.ts';
import { sectionsOf } from './sections/index.ts';
import { summaryOf } from './summary.ts';
import { clean, inlineParts } from './text.ts';

const templates = new URL('templates/', import.meta.url);

/** Everything that a template prints with `<%= %>` is escaped for HTML; raw are the style sheet, the charts, `inline`. */
const eta = new Eta({ views: fileURLToPath(templates), cache: true, escapeFunction: escapeHtml });

/** `report.html`: one file without script, that loads nothing. The same record gives the same text. */
export async function renderHtml(record: DrillRecord): Promise<string> {
  const summary = summaryOf(record);
  return eta.render('report.html.eta', {
    record,
    summary,
    sections: sectionsOf(record, summary),
    issues: issueBlocks(record),
    issuesTitle: issuesTitle(record),
    charts: await renderCharts(record),
    css: readFileSync(new URL('report.css', templates), 'utf8'),
    inline,
    labelled,
    tableClass,
    fold: folded,
  });
}

/** Text with its quoted code set as code, unless it is `literal`; everything else in it stays text. */
export function inline(text: string, literal = false): string {
  if (literal) return breakable(clean(text));
  return inlineParts(text)
    .map((part) => (part.code ? `<code>${breakable(part.text)}</code>` : breakable(part.text)))
    .join('');
}

/** As `inline`, with each run that has a report linked to it: by its id, or as `run 12`. */
export function inlineWithLinks(links: ReadonlyMap<string, string>): typeof inline {
  if (links.size === 0) return inline;
  return (text, literal) =>
    text
      .split(/(\brun \d+\b|[a-z][a-z0-9-]*-\d{8}T\d{6}Z-[0-9a-f]{4,})/)
      .map((part) => {
        const href = links.get(part);
        return href === undefined ? inline(part, literal) : `<a href="${escapeHtml(href)}">${breakable(part)}</a>`;
      })
      .join('');
}

/** Escaped text in which a long word, such as a digest, may break; short words do not. */
function breakable(text: string): string {
  return text
    .split(/(\S{25,})/)
    .map((part, index) =>
      index % 2 === 0 ? escapeHtml(part) : (part.match(/.{1,8}/gsu) ?? []).map(escapeHtml).join('<wbr>'),
    )
    .join('');
}

/** `compact`: a name and a few numbers, which need not the whole width. `short`: is not cut by the end of a page. */
export function tableClass({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const compact = columns.length < 4 && columns.slice(1).every(({ numeric }) => numeric);
  return [compact && 'compact', rows.length <= 8 && 'short'].filter(Boolean).join(' ');
}

/** A chart as one picture with its alternative in words; the table below it has the data. */
export function labelled(svg: string, alternative: string): string {
  return svg.replace('<svg ', () => `<svg role="img" aria-label="${escapeHtml(alternative)}" `);
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that stays text in HTML, without control characters. */
export function escapeHtml(value: unknown): string {
  return clean(String(value)).replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
