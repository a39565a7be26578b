import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../evidence/ledger.test-data.ts';
import { inputsOf, run } from './quarter.test-data.ts';
import { quarterOf } from './quarter-of.ts';
import { quarterlyFiles, writeQuarterly } from './write.ts';

test('without a Chromium there is the page alone, it is said, and no PDF of before is left', async () => {
  await using folder = await temporaryFolder();
  vi.stubEnv('FIREDRILL_CHROMIUM', join(folder.path, 'no-browser'));
  try {
    const report = quarterOf(inputsOf([run(1, '2026-01-05T02:00Z')]));
    const out = join(folder.path, 'quarter');
    await writeQuarterly(out, report);
    await writeFile(join(out, quarterlyFiles.pdf), 'that of before');
    const { files, withoutPdf } = await writeQuarterly(out, report);
    expect(withoutPdf).toContain('Chromium did not start');
    expect((await readdir(out)).toSorted()).toEqual(['quarterly.html', 'quarterly.json', 'quarterly.md']);
    expect(files).toHaveLength(3);
    expect(JSON.parse(await readFile(join(out, quarterlyFiles.json), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a page too long to be printed stands alone, and that is said', async () => {
  await using folder = await temporaryFolder();
  const began = Date.parse('2026-01-01T00:00:00.000Z');
  const red = Array.from({ length: 1_600 }, (_, index) =>
    run(index + 1, new Date(began + index * 60_000).toISOString(), { verdict: 'fail' }),
  );
  const { files, withoutPdf } = await writeQuarterly(folder.path, quarterOf(inputsOf(red)));
  expect(withoutPdf).toMatch(/^1,6\d\d rows are more than the 1,500 that are printed$/);
  expect(files).toHaveLength(3);
  expect(await readFile(join(folder.path, quarterlyFiles.html), 'utf8')).toContain('db-loss-1600');
});
