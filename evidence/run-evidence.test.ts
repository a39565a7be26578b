import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LedgerEntry } from '../domain/ledger.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { ledgerPaths } from './ledger-paths.ts';
import { beginRun, temporaryFolder } from './ledger.test-data.ts';

/** How the run ended whose folder cannot be sealed, by the ledger. */
async function endOfUnsealed(sample: 'passing' | 'failing') {
  await using folder = await temporaryFolder();
  const run = await beginRun(folder.path, 'mine');
  const claim = join(folder.path, 'runs', 'mine', 'run.json');
  await rm(claim, { force: true });
  await mkdir(join(folder.path, 'runs', 'mine'), { recursive: true });
  await writeFile(claim, JSON.stringify({ schemaVersion: 1, runId: 'other', startedAt: '2026-03-02T09:00:00.000Z' }));
  await expect(run.close(sampleRecord(sample))).rejects.toThrow('could not be sealed');
  const lines = (await readFile(ledgerPaths(join(folder.path, 'ledger')).ledger, 'utf8')).trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '') as LedgerEntry;
  return last.kind === 'closed' ? last.end : undefined;
}

test('a green run whose folder cannot be sealed is kept as inconclusive, a red one stays red', async () => {
  expect(await endOfUnsealed('passing')).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringContaining('belongs to another run'),
  });
  expect(await endOfUnsealed('failing')).toMatchObject({ verdict: 'fail' });
});
