import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reportLinks } from './report-links.ts';

test('a run is linked to its report from the page, by its id and its number; one without a folder is not', async () => {
  const root = await mkdtemp(join(tmpdir(), 'firedrill-links-test-'));
  try {
    await mkdir(join(root, 'out', 'run one'), { recursive: true });
    await writeFile(join(root, 'out', 'run one', 'report.html'), '');
    const runs = [
      { runId: 'db-loss-1', number: 1, folder: '../out/run one' },
      { runId: 'db-loss-2', number: 2, folder: '../out/gone' },
    ];
    const links = reportLinks(runs, { ledger: join(root, 'ledger'), pageFolder: join(root, 'pages') });
    expect([...links]).toEqual([
      ['db-loss-1', '../out/run%20one/report.html'],
      ['run 1', '../out/run%20one/report.html'],
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});
