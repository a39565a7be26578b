import { readFile } from 'node:fs/promises';
import { everyKind, inputsOf } from '../../history/history.test-data.ts';
import { historyOf } from '../../history/history-of.ts';
import { renderHistory } from '../../history/html.ts';
import { renderQuarterlyHtml } from '../../quarterly/html.ts';
import { sampleQuarters } from '../../quarterly/sample-quarters.test-data.ts';
import { renderHtml } from '../../reports/html.ts';
import { sampleNames, sampleRecord } from '../../reports/sample-records.test-data.ts';

/** A page that people look at, and what it is made of. */
export interface Page {
  name: string;
  html: () => Promise<string>;
}

const committed = new URL('../../reports/sample/report.html', import.meta.url);

/** Every kind of page that we make, in each of its states. A new page is one line here. */
export const pages: readonly Page[] = [
  ...sampleNames.map((name) => ({ name: `run, ${name}`, html: () => renderHtml(sampleRecord(name)) })),
  { name: 'run, the committed sample', html: () => readFile(committed, 'utf8') },
  { name: 'quarter, eventful', html: () => renderQuarterlyHtml(sampleQuarters.eventful) },
  { name: 'quarter, empty', html: () => renderQuarterlyHtml(sampleQuarters.empty) },
  { name: 'history, every kind of run', html: () => renderHistory(historyOf(everyKind())) },
  { name: 'history, empty', html: () => renderHistory(historyOf(inputsOf([]))) },
];
