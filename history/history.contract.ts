import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../evidence/ledger.test-data.ts';
import { failRun, ledgerIn, playRun } from '../quarterly/ledger.test-data.ts';
import { findChromium, takeScreenshot } from '../reports/screenshot.ts';
import { firedrill } from '../tests/firedrill.ts';

test('the command draws the page into a folder or a file', async () => {
  await using folder = await temporaryFolder();
  await playRun(folder.path, 'january', '2026-01-05T02:00:00.000Z', 'failing');
  await failRun(folder.path, 'february', '2026-02-05T02:00:00.000Z', 'no engine');
  await playRun(folder.path, 'march', '2026-03-05T02:00:00.000Z');
  const args = ['history', '--ledger', ledgerIn(folder.path), '--out'];
  const report = join(folder.path, 'page', 'history.html');
  const first = await firedrill([...args, join(folder.path, 'page')]);
  expect(first.all).toContain(`written   ${report}`);
  expect(first.exitCode).toBe(0);
  const html = await readFile(report, 'utf8');
  expect(html).toContain('3 runs in the ledger');
  expect(html).toContain('no engine');
  const file = join(folder.path, 'of-today.html');
  expect((await firedrill([...args, file])).exitCode).toBe(0);
  expect((await stat(file)).isFile()).toBe(true);

  if (findChromium() === undefined) return;
  for (const widthPx of [1280, 400]) {
    const behaviour = await takeScreenshot({ report, out: join(folder.path, 'page.png'), widthPx });
    expect(behaviour).toEqual({ requests: [], messages: [], overflowPx: 0 });
  }
});

test('no ledger is wrong usage', async () => {
  await using folder = await temporaryFolder();
  const result = await firedrill(['history', '--ledger', folder.path, '--out', join(folder.path, 'out')]);
  expect(result.all).toContain('there is no ledger');
  expect(result.exitCode).toBe(3);
});
