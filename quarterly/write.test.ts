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
