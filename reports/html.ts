import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { DrillRecord } from '../domain/record.ts';
import { renderCharts } from './charts/render.ts';
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
    charts: await renderCharts(record),
    css: readFileSync(new URL('report.css', templates), 'utf8'),
    inline,
    labelled,
  });
}

/** Text with its quoted code set as code; everything else in it stays text. */
function inline(text: string): string {
  return inlineParts(text)
    .map((part) => (part.code ? `<code>${escapeHtml(part.text)}</code>` : escapeHtml(part.text)))
    .join('');
}

/** A chart as one picture with its alternative in words; the table below it has the data. */
function labelled(svg: string, alternative: string): string {
  return svg.replace('<svg ', () => `<svg role="img" aria-label="${escapeHtml(alternative)}" `);
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(value: unknown): string {
  return clean(String(value)).replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
