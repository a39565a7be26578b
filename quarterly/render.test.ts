import { describe, expect, test } from 'vitest';
import { renderQuarterlyHtml } from './html.ts';
import { renderQuarterlyMarkdown } from './markdown.ts';
import { inputsOf, run } from './quarter.test-data.ts';
import { quarterOf } from './quarter-of.ts';
import { sampleQuarters as reports } from './sample-quarters.test-data.ts';

const names = ['eventful', 'empty'] as const;

function textOf(html: string): string {
  return html
    .replaceAll(/<style>.*?<\/style>/gs, ' ')
    .replaceAll('<wbr>', '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');
}

const said = [
  'Quarterly Disaster Recovery Report - 2026-Q1',
  'run 13 was aborted (process 77 on host ended without closing the run)',
  'no run was begun; the last before it is run 12 of 2026-01-15',
  'red: integrity.rows',
  'overdue',
  'Recovery failed in run 12',
  '50 of 50',
  'run 12: 2 canaries after masking, 3 leaks',
  'Their numbers in the ledger are 11 to 13, none is missing.',
  'firedrill quarterly --from 2026-01-01 --to 2026-03-31',
  'drill.json was changed after it was sealed',
  'SOC 2 A1.2, A1.3, CC7.5, CC9.1',
  'Prepared by',
  'e'.repeat(64),
];

describe('both formats', () => {
  test.for(said)('say: %s', async (words) => {
    expect(textOf(await renderQuarterlyHtml(reports.eventful))).toContain(words);
    expect(renderQuarterlyMarkdown(reports.eventful).replaceAll('\\', '')).toContain(words);
  });

  test.for(names)('have the same 15 sections and tables (%s)', async (name) => {
    const html = await renderQuarterlyHtml(reports[name]);
    const markdown = renderQuarterlyMarkdown(reports[name]);
    const titles = [...markdown.matchAll(/^## (\d+)\. (.*)$/gm)];
    expect(titles).toHaveLength(15);
    for (const [, number, title] of titles) expect(html).toContain(`<span>${number}</span>${title}</h2>`);
    // On its first page HTML has the weaknesses as a table, Markdown as a list.
    expect(html.match(/<table/g)?.length).toBe((markdown.match(/^\*\*.*\*\*\n\n\|/gm)?.length ?? 0) + 1);
  });

  test('an empty quarter says that it has nothing, section by section', () => {
    const markdown = renderQuarterlyMarkdown(reports.empty);
    expect(markdown).toMatch(/^\| When was each store restored\? \| .*Never/m);
    expect(markdown).toMatch(/^\| What is left to do\? \| .*Not known.* no run has judged/m);
    for (const words of [
      'No run was begun',
      'No runbook asks for a drill',
      'No recovery time was measured',
      'nobody has seen',
    ]) {
      expect(markdown).toContain(words);
    }
  });
});

describe('a quarter of very many runs', () => {
  const many = Array.from({ length: 360 }, (_, index) => {
    const startedAt = new Date(Date.parse('2026-01-01T02:00Z') + index * 6 * 3_600_000).toISOString();
    return run(index + 1, startedAt, index === 99 ? { verdict: 'fail' } : {});
  });

  test('tells those that are not green one by one, and of the green ones every number', () => {
    const markdown = renderQuarterlyMarkdown(quarterOf(inputsOf(many)));
    expect(markdown).toContain('360 runs: 359 green, 1 failed. Their numbers in the ledger are 1 to 360');
    expect(markdown).toMatch(/^\| 100, db-loss<br>db-loss-100 \|.*failed/m);
    expect(markdown).not.toContain('db-loss-101 ');
    expect(markdown).toMatch(/^\| db-loss \| 2026-01 \| 123 \| 15 s \| 15 s \| 1 to 99, 101 to 124 \|$/m);
    expect(markdown).toMatch(/^\| db-loss \| 2026-03 \|/m);
  });
});

describe('HTML', () => {
  test.for(names)('is one file without script that loads nothing, and the same each time (%s)', async (name) => {
    const html = await renderQuarterlyHtml(reports[name]);
    expect(html).not.toMatch(/<script|<iframe|<object|<embed|<link|<img|<base|javascript:|\son\w+\s*=/i);
    expect(html).not.toMatch(/\bsrc\s*=|@import|url\(/i);
    expect([...html.matchAll(/\bhref="([^"]*)"/g)].filter(([, href]) => !href?.startsWith('#'))).toEqual([]);
    expect(await renderQuarterlyHtml(reports[name])).toBe(html);
  });

  test('draws the trend, with an alternative in words at two widths', async () => {
    const html = await renderQuarterlyHtml(reports.eventful);
    expect(html).not.toContain('could not be drawn');
    expect(html.match(/<svg role="img" aria-label="[^"]{30,}"/g)).toHaveLength(2);
  });

  test('keeps what comes from outside from becoming markup', async () => {
    const evil = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;
    const report = quarterOf(
      inputsOf([run(1, '2026-01-05T02:00Z', { state: 'failed', reason: evil }, { drill: evil, runId: evil })], {
        missingRecords: [{ run: 1, folder: evil, why: evil }],
      }),
    );
    expect(await renderQuarterlyHtml(report)).not.toMatch(/<script|<img/i);
    // Code in Markdown is literal.
    expect(renderQuarterlyMarkdown(report).replaceAll(/`[^`]*`/g, '')).not.toMatch(/<script|<img/i);
  });
});
