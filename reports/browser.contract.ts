import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleNames, sampleRecord } from './sample-records.test-data.ts';
import { findChromium, takeScreenshot } from './screenshot.ts';
import { writeReports } from './write.ts';

const browser = findChromium();
const title = browser
  ? `the report in ${browser}`
  : 'the report in a browser (skipped: no Chromium on PATH or in FIREDRILL_CHROMIUM)';

describe.skipIf(browser === undefined)(title, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firedrill-browser-'));
    for (const name of sampleNames) await writeReports(join(folder, name), sampleRecord(name));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(sampleNames)('asks for nothing, says nothing and fits a wide and a narrow window (%s)', async (name) => {
    for (const widthPx of [1280, 400]) {
      const out = join(folder, `${name}-${widthPx}.png`);
      const behaviour = await takeScreenshot({ report: join(folder, name, 'report.html'), out, widthPx });
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
    await writeReports(join(folder, 'long'), record);
    for (const widthPx of [1280, 400]) {
      const options = { report: join(folder, 'long', 'report.html'), out: join(folder, 'long.png'), widthPx };
      expect(await takeScreenshot(options)).toMatchObject({ overflowPx: 0 });
    }
  });

  it('can be printed', async () => {
    const out = join(folder, 'failing.pdf');
    await takeScreenshot({ report: join(folder, 'failing', 'report.html'), out });
    expect((await stat(out)).size).toBeGreaterThan(10_000);
  });
});
