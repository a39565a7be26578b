import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { parseRecord } from './parse-record.ts';

const read = async (name: string): Promise<string> => readFile(join(import.meta.dirname, 'sample', name), 'utf8');

test('the committed sample is what its drill.json renders to (npx firedrill report reports/sample)', async () => {
  const record = parseRecord(await read('drill.json'), 'reports/sample/drill.json');
  expect(record).toMatchObject({ state: 'finished', verdict: 'pass' });
  expect(renderMarkdown(record)).toBe(await read('report.md'));
  expect(await renderHtml(record)).toBe(await read('report.html'));
});
