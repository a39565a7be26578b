import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import { drawn, type RenderedChart } from '../reports/charts/render.ts';
import { escapeHtml, inlineWithLinks, labelled, tableClass } from '../reports/html.ts';
import { frontOf } from './front.ts';
import type { DrillHistory } from './history.ts';
import { historySections, type HistorySection } from './sections/index.ts';
import { chartOf } from './sections/proof.ts';
import { trendChart } from './trend-chart.ts';

const reportTemplates = new URL('../reports/templates/', import.meta.url);
const ownTemplates = new URL('templates/', import.meta.url);

/** Parts of the page, style sheet and charts are those of the report on a run. */
const eta = new Eta({ views: fileURLToPath(reportTemplates), cache: true, escapeFunction: escapeHtml });
for (const name of ['history', 'calendar']) {
  eta.loadTemplate(`@${name}`, readFileSync(new URL(`${name}.html.eta`, ownTemplates), 'utf8'));
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * The dashboard: one file without script, that loads nothing. The same history gives the same text. `links` lead from a
 * run to its report.
 */
export async function renderHistory(
  history: DrillHistory,
  links: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  const inline = inlineWithLinks(links);
  const { weeks, firedrill } = history;
  const styles = [new URL('report.css', reportTemplates), new URL('history.css', ownTemplates)];
  return eta.render('@history', {
    front: frontOf(history),
    sections: historySections(history),
    charts: await drawCharts(history),
    css: styles.map((file) => readFileSync(file, 'utf8')).join(''),
    firedrill,
    inline,
    labelled,
    tableClass,
    lead: ({ showsCalendar }: HistorySection) =>
      showsCalendar && weeks.length > 0 ? eta.render('@calendar', { weeks, inline, dayName }) : '',
  });
}

async function drawCharts({ trends }: DrillHistory): Promise<Record<string, RenderedChart>> {
  const charts: Record<string, RenderedChart> = {};
  for (const trend of trends) charts[chartOf(trend)] = await drawn((size) => trendChart(trend, size));
  return charts;
}

/** `Mon 2026-03-02`. */
function dayName(day: string): string {
  return `${weekdays[new Date(day).getUTCDay()] ?? ''} ${day}`;
}
