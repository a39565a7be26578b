import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../evidence/ledger.test-data.ts';
import { failRun, ledgerIn, playRun } from '../quarterly/ledger.test-data.ts';
import { gatherHistory } from './gather.ts';
import { inputsOf } from './history.test-data.ts';

const gather = (folder: string) =>
  gatherHistory({ project: inputsOf([]), now: new Date('2026-04-10'), firedrill: '0.1.0', ledger: ledgerIn(folder) });

test('all runs of the ledger, and the record of the newest green one', async () => {
  await using folder = await temporaryFolder();
  await playRun(folder.path, 'january', '2026-01-05T02:00:00.000Z');
  await playRun(folder.path, 'february', '2026-02-05T02:00:00.000Z');
  await playRun(folder.path, 'march', '2026-03-05T02:00:00.000Z', 'failing');
  await failRun(folder.path, 'april', '2026-04-05T02:00:00.000Z', 'no engine');
  const inputs = await gather(folder.path);
  expect(inputs.runs.map(({ run }) => run.runId)).toEqual(['january', 'february', 'march', 'april']);
  // The third is the newest that left a record on its engine.
  expect([...inputs.proofs.keys()]).toEqual([2, 3]);
  expect(inputs.proofs.get(2)?.sources).toMatchObject({ postgres: 'backup' });
  expect(inputs.proofs.get(2)?.versions.postgres?.version).toMatch(/\d/);
  expect(inputs).toMatchObject({ missing: [], head: { runs: 4 } });
});

test('a record that is gone or was changed is told, and the one before it counts', async () => {
  await using folder = await temporaryFolder();
  await playRun(folder.path, 'one', '2026-01-05T02:00:00.000Z');
  const gone = await playRun(folder.path, 'two', '2026-02-05T02:00:00.000Z');
  await playRun(folder.path, 'three', '2026-03-05T02:00:00.000Z');
  const changed = await playRun(folder.path, 'four', '2026-04-05T02:00:00.000Z');
  await rm(gone.directory, { recursive: true });
  await appendFile(join(changed.directory, 'drill.json'), ' ');
  const inputs = await gather(folder.path);
  expect([...inputs.proofs.keys()]).toEqual([3]);
  expect(inputs.missing).toMatchObject([
    { run: 2, why: 'there is no drill.json in its folder' },
    { run: 4, why: 'drill.json was changed after it was sealed' },
  ]);
});

test('without a ledger there is an error', async () => {
  await using folder = await temporaryFolder();
  await expect(gather(folder.path)).rejects.toThrow('there is no ledger');
});
