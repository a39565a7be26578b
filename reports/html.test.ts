import { describe, expect, it } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { sampleNames, sampleRecord } from './sample-records.test-data.ts';

/** What a reader sees of a page, as one line. */
function textOf(html: string): string {
  return html
    .replaceAll(/<style>.*?<\/style>/gs, ' ')
    .replaceAll(/<wbr>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

describe('renderHtml', () => {
  it.each(sampleNames)(
    'shows the same verdict as Markdown for the %s sample, by shape, word and colour',
    async (name) => {
      const html = await renderHtml(sampleRecord(name));
      const status = /^- Drill Status: (.*)$/m.exec(renderMarkdown(sampleRecord(name)))?.[1] ?? 'none';
      const word = status.split(' ')[0]!;
      expect(textOf(html)).toContain(`Drill Status: ${status}`);
      const verdict = word.toLowerCase();
      expect(html).toMatch(
        new RegExp(`class="verdict is-${verdict}".*?<use href="#mark-${verdict}"/>.*?class="word">${word}<`, 's'),
      );
      expect(html).toContain(`<title>DR Drill Execution Report - 2026-03-02: ${word}</title>`);
    },
  );

  it.each(sampleNames)('has for the %s sample the sections and the tables of Markdown', async (name) => {
    const html = await renderHtml(sampleRecord(name));
    const markdown = renderMarkdown(sampleRecord(name));
    const titles = [...markdown.matchAll(/^## (\d+)\. (.*)$/gm)].map(
      ([, number, title]) => `<span>${number}</span>${title}</h2>`,
    );
    expect(titles).toHaveLength(16);
    for (const title of titles) expect(html).toContain(title);
    // A table of which some rows are red and some are not is two on the page.
    const split = html.match(/, the others: /g)?.length ?? 0;
    expect(html.match(/<table/g)?.length).toBe((markdown.match(/^\*\*.*\*\*\n\n\|/gm)?.length ?? 0) + split);
  });

  it('has the words of the report template', async () => {
    const text = textOf(await renderHtml(sampleRecord('passing')));
    for (const words of [
      'DR Drill Execution Report - 2026-03-02',
      'Executive Summary: Drill Status: PASS Total Duration: 1 min 0.4 s Issues Encountered: 0',
      'Metrics: Backup Duration: 3.1 s Restore Duration: 5.2 s Smoke Test Results: 18/18',
      'Recommendations: Back up postgres',
      'Next Drill Date: 2026-06-02',
    ]) {
      expect(text).toContain(words);
    }
  });

  it.each(sampleNames)('is one file without script that loads nothing (%s)', async (name) => {
    const html = await renderHtml(sampleRecord(name));
    expect(html).not.toMatch(/<script|<iframe|<object|<embed|<link|<img|<base|javascript:/i);
    expect(html).not.toMatch(/\son\w+\s*=/i);
    expect(html).not.toMatch(/\bsrc\s*=|@import|url\(/i);
    const references = [...html.matchAll(/\bhref="([^"]*)"/g)].map(([, href]) => href);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((href) => !href?.startsWith('#'))).toEqual([]);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it.each([
    ['failing', 6],
    ['everything', 10],
  ] as const)(
    'keeps whatever comes from outside from becoming markup, in text, attributes and charts (%s)',
    async (name, charts) => {
      const evil = `"><script>alert('x')</script><img src=x onerror=alert(1)>&lt;`;
      const html = await renderHtml(withEveryText(sampleRecord(name), evil));
      expect(html).not.toMatch(/<script|<img/i);
      expect(textOf(html)).toContain('&lt;script&gt;');
      expect(html.match(/<svg[^>]*role="img"/g)).toHaveLength(charts * 2);
    },
  );

  it.each([
    ['failing', 6],
    ['everything', 10],
  ] as const)('draws all charts, each with an alternative in words and at two widths (%s)', async (name, charts) => {
    const html = await renderHtml(sampleRecord(name));
    expect(html).not.toContain('could not be drawn');
    expect(html.match(/<figure>/g)).toHaveLength(charts);
    expect(html.match(/<svg role="img" aria-label="[^"]{30,}"/g)).toHaveLength(charts * 2);
    if (name === 'failing') expect(html).toContain('✘ 2,512 ms');
  });

  it.each(['failing', 'everything'] as const)('gives the same bytes for the same record (%s)', async (name) => {
    const first = await renderHtml(sampleRecord(name));
    await renderHtml(sampleRecord('passing'));
    expect(await renderHtml(sampleRecord(name))).toBe(first);
  });
});

/** The record with `text` in front of every free text of it; names that the schema fixes stay. */
function withEveryText(record: DrillRecord, text: string): DrillRecord {
  const fixed = new Set(
    'state verdict startedAt finishedAt retainUntil engine phase kind status store responsibility dataOrigin source coveredAt injectedAt detectedAt at nextDrillAt sha256 criteriaSha256 expectedVerdict moment'.split(
      ' ',
    ),
  );
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return fixed.has(key) ? value : `${text}${value}`;
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item, name)]));
  };
  return visit(record, '') as DrillRecord;
}
