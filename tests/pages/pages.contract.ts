import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../reports/html.ts';
import { sampleRecord } from '../../reports/sample-records.test-data.ts';
import { findChromium, launchChromium } from '../../reports/screenshot.ts';
import { audit, colourRules, type Look } from './audit.ts';
import { pages } from './pages.ts';

const chromium = findChromium();
const title = chromium
  ? `every page in ${chromium}`
  : 'every page in a browser (skipped: no Chromium on PATH or in FIREDRILL_CHROMIUM)';

const wide: Look = { widthPx: 1280, colorScheme: 'light' };
const looks: Look[] = [wide, { widthPx: 400, colorScheme: 'light' }, { widthPx: 1280, colorScheme: 'dark' }];

describe.skipIf(chromium === undefined)(title, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test.for(pages)('$name: keeps WCAG 2.1 AA, wide, narrow and dark, and never scrolls sideways', async ({ html }) => {
    const text = await html();
    for (const look of looks) {
      const isDark = look.colorScheme === 'dark';
      const { violations, undecided, held, overflowPx } = await audit(
        browser,
        text,
        look,
        isDark ? colourRules : undefined,
      );
      expect(violations, `${look.widthPx} px, ${look.colorScheme}`).toEqual([]);
      expect(undecided).toEqual([]);
      expect(overflowPx).toBe(0);
      const applied = isDark ? [] : ['document-title', 'html-has-lang', 'list'];
      expect(held).toEqual(expect.arrayContaining(['color-contrast', ...applied]));
    }
  });

  test.for<[string, string, string]>([
    ['image-alt', '<main>', '<main><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'],
    ['color-contrast', '<main>', '<main><p style="color: #bbb; background: #fff">too light to read</p>'],
    ['html-has-lang', '<html lang="en">', '<html>'],
    ['document-title', '<title>', '<title></title><style>'],
    ['svg-img-alt', 'aria-label="', 'data-label="'],
    ['link-name', '<a class="skip" href="#sections">Skip to the sections</a>', '<a href="#sections"></a>'],
  ])('a page that breaks the rule %s is red', async ([rule, from, to]) => {
    const html = await renderHtml(sampleRecord('passing'));
    expect(html).toContain(from);
    const { violations } = await audit(browser, html.replaceAll(from, to), wide, [rule]);
    expect(violations.map(({ rule }) => rule)).toContain(rule);
  });

  test('a page that is too wide is red', async () => {
    const html = (await renderHtml(sampleRecord('passing'))).replace(
      '<main>',
      '<main><p style="width: 600px">wide</p>',
    );
    expect(
      (await audit(browser, html, { widthPx: 400, colorScheme: 'light' }, ['document-title'])).overflowPx,
    ).toBeGreaterThan(100);
  });
});
