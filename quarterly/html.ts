import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import { drawn } from '../reports/charts/render.ts';
import { escapeHtml, inlineWithLinks, labelled, tableClass } from '../reports/html.ts';
import { frontOf } from './front.ts';
import type { QuarterlyReport } from './report.ts';
import { quarterlySections } from './sections/index.ts';
import { trendChart } from './trend-chart.ts';

const reportTemplates = new URL('../reports/templates/', import.meta.url);

/** Parts of sections, style sheet and charts are those of the report on a run. */
const eta = new Eta({ views: fileURLToPath(reportTemplates), cache: true, escapeFunction: escapeHtml });
const template = '@quarterly';
eta.loadTemplate(template, readFileSync(new URL('templates/quarterly.html.eta', import.meta.url), 'utf8'));

/** How much a weakness weighs, in words. */
const weighs: Record<ApplicableVerdict, string> = { fail: 'against', inconclusive: 'leaves open', pass: 'settled' };

/**
 * `quarterly.html`: one file without script, that loads nothing. The same report gives the same text. `links` lead from a
 * run to its report.
 */
export async function renderQuarterlyHtml(
  report: QuarterlyReport,
  links: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  const inline = inlineWithLinks(links);
  return eta.render(template, {
    report,
    front: frontOf(report),
    sections: quarterlySections(report),
    charts: report.rto.length > 0 ? { rto: await drawn((size) => trendChart(report.rto, size)) } : {},
    css: readFileSync(new URL('report.css', reportTemplates), 'utf8'),
    weighs,
    inline,
    labelled,
    tableClass,
  });
}
