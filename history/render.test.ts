import { describe, expect, test } from 'vitest';
import { figures, run } from '../quarterly/quarter.test-data.ts';
import { historyOf } from './history-of.ts';
import { everyKind, inputsOf } from './history.test-data.ts';
import { renderHistory } from './html.ts';

const inputs = { every: everyKind(), none: inputsOf([]) };
const pages = {
  every: await renderHistory(historyOf(inputs.every)),
  none: await renderHistory(historyOf(inputs.none)),
};
const names = ['every', 'none'] as const;

describe('the page', () => {
  test.for(names)('is one file without script that loads nothing, and the same each time (%s)', async (name) => {
    const html = pages[name];
    expect(html).not.toMatch(/<script|<iframe|<object|<embed|<link|<img|<base|javascript:|\son\w+\s*=/i);
    expect(html).not.toMatch(/\bsrc\s*=|@import|url\(/i);
    expect([...html.matchAll(/\bhref="([^"]*)"/g)].filter(([, href]) => !href?.startsWith('#'))).toEqual([]);
    expect(await renderHistory(historyOf(inputs[name]))).toBe(html);
  });

  test('does not depend on the time zone of the machine', async () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      expect(await renderHistory(historyOf(everyKind()))).toBe(pages.every);
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  test.for(names)('has a scope for each head of a table and one order of headings (%s)', (name) => {
    const heads = pages[name].match(/<th\b[^>]*>/g) ?? [];
    expect(heads.length).toBeGreaterThan(5);
    expect(heads.filter((head) => !head.includes(' scope="'))).toEqual([]);
    const levels = [...pages[name].matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.every((level, index) => index === 0 || level - (levels[index - 1] ?? 0) <= 1)).toBe(true);
  });

  test('draws every trend at two widths, each with an alternative in words', () => {
    expect(pages.every).not.toContain('could not be drawn');
    expect(pages.every.match(/<svg role="img" aria-label="[^"]{30,}"/g)).toHaveLength(4);
    expect(pages.every).toContain('RPO postgres 0.3 % of its objective, missed in 1 run');
  });

  test('says a verdict by shape and word, and what is stale, due, aborted or missing', () => {
    for (const verdict of ['pass', 'fail', 'inconclusive']) {
      expect(pages.every).toMatch(new RegExp(`<use href="#mark-${verdict}"/></svg><span>[^<]*${verdict}`));
    }
    for (const words of [
      'stale: from a backup',
      'due since 2026-04-05',
      'aborted',
      'there is no drill.json',
      'no run',
    ]) {
      expect(pages.every).toContain(words);
    }
  });

  test('says that there is nothing where there is nothing', () => {
    for (const words of ['No run was ever begun', 'never run', 'No recovery was measured', 'The ledger has no run']) {
      expect(pages.none).toContain(words);
    }
  });

  test('lists no more than a hundred, and says how many more there are', async () => {
    const gone = Array.from({ length: 130 }, (_, index) => ({
      run: index + 1,
      folder: `run-${index + 1}`,
      why: 'gone',
    }));
    const html = await renderHistory(historyOf(inputsOf([], { missing: gone })));
    expect(html).toContain('30 older records');
    expect(html.match(/<code>run-/g)).toHaveLength(100);
  });

  test('keeps what comes from outside from becoming markup', async () => {
    const evil = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;
    const runs = [
      run(
        1,
        '2026-04-05T02:00Z',
        { state: 'failed', verdict: 'fail', reason: evil, figures: figures() },
        { drill: evil, runId: evil },
      ),
    ];
    const html = await renderHistory(historyOf(inputsOf(runs, { missing: [{ run: 1, folder: evil, why: evil }] })));
    expect(html).not.toMatch(/<script|<img/i);
  });
});
