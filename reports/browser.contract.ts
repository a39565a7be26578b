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

  it('can be printed', async () => {
    const out = join(folder, 'failing.pdf');
    await takeScreenshot({ report: join(folder, 'failing', 'report.html'), out });
    expect((await stat(out)).size).toBeGreaterThan(10_000);
  });
});
