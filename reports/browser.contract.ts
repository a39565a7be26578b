import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from './html.ts';
import { sampleNames, sampleRecord } from './sample-records.test-data.ts';
import { findChromium, launchChromium, takeScreenshot } from './screenshot.ts';

const chromium = findChromium();
const title = chromium
  ? `the report in ${chromium}`
  : 'the report in a browser (skipped: no Chromium on PATH or in FIREDRILL_CHROMIUM)';

describe.skipIf(chromium === undefined)(title, () => {
  let folder: string;
  let browser: Browser;
  const reportOf = (name: string): string => join(folder, `${name}.html`);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firedrill-browser-'));
    browser = await launchChromium();
    for (const name of sampleNames) await writeFile(reportOf(name), await renderHtml(sampleRecord(name)));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(sampleNames)('asks for nothing, says nothing and fits a wide and a narrow window (%s)', async (name) => {
    for (const widthPx of [1280, 400]) {
      const out = join(folder, `${name}-${widthPx}.png`);
      const behaviour = await takeScreenshot({ browser, report: reportOf(name), out, widthPx, heightPx: 900 });
      expect(behaviour).toEqual({ requests: [], messages: [], overflowPx: 0 });
      expect((await stat(out)).size).toBeGreaterThan(10_000);
    }
  });

  it('breaks long words rather than growing wider than its window', async () => {
    const record = sampleRecord('failing');
    const word = 'x'.repeat(300);
    Object.assign(record.services[0]!, { version: word });
    Object.assign(record.findings[0]!, { verdict: 'fail', actual: word, evidence: [`\`${word}\``] });
    for (const line of record.smoke) Object.assign(line, { target: `${line.target}${word}`, path: `/${word}` });
    await writeFile(reportOf('long'), await renderHtml(record));
    for (const widthPx of [1280, 400]) {
      const options = { report: reportOf('long'), out: join(folder, 'long.png'), widthPx, heightPx: 900 };
      expect(await takeScreenshot({ browser, ...options })).toMatchObject({ overflowPx: 0 });
    }
  });

  it('can be printed', async () => {
    const out = join(folder, 'failing.pdf');
    await takeScreenshot({ browser, report: reportOf('failing'), out });
    expect((await stat(out)).size).toBeGreaterThan(10_000);
  });
});
