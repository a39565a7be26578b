import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ledgerPaths } from './ledger-paths.ts';
import { beginRun, leaveDeadRun, playRun, temporaryFolder } from './ledger.test-data.ts';
import { closeDeadRuns } from './run-evidence.ts';
import { verifyLedgerAndFolders } from './verify-folders.ts';
import { verifyRun } from './verify-run.ts';

const verify = (folder: string) => verifyLedgerAndFolders(ledgerPaths(join(folder, 'ledger')));
const runIn = (folder: string, runId: string): string => join(folder, 'runs', runId);

describe('the ledger says which of its runs are wrong, and where', () => {
  test.for<[string, (run: string) => Promise<unknown>, RegExp]>([
    [
      'a record cut off',
      (run) => truncate(join(run, 'drill.json'), 100),
      /drill\.json: it was changed: .* now 100; run 1 \(one\)/,
    ],
    ['an empty record', (run) => truncate(join(run, 'drill.json')), /drill\.json: it was changed: .* now 0; run 1/],
    ['a record of another program', (run) => writeFile(join(run, 'drill.json'), '[]'), /drill\.json: it was changed/],
    ['a record that is gone', (run) => rm(join(run, 'drill.json')), /drill\.json: it is missing; run 1/],
    ['a folder in place of the record', replaceByFolder, /cannot be read: EISDIR/],
    [
      'a manifest that was changed',
      (run) => writeFile(join(run, 'manifest.json'), '{}'),
      /manifest\.json: it is not the one that the ledger names/,
    ],
    ['the manifest of another run', takeManifest, /it is not the one that the ledger names, it is of run 2 \(two\)/],
    ['a file in place of its folder', replaceByFile, /cannot be read: ENOTDIR/],
  ])('%s', async ([, damage, message]) => {
    await using folder = await temporaryFolder();
    for (const runId of ['one', 'two']) await playRun(folder.path, runId);
    expect((await verify(folder.path)).problems).toEqual([]);
    await damage(runIn(folder.path, 'one'));
    const { problems } = await verify(folder.path);
    expect(problems.map(({ where, what }) => `${where}: ${what}`)).toEqual([expect.stringMatching(message)]);
  });

  test('a folder that is not here is no problem, and is said; a run without a seal is named with the reason', async () => {
    await using folder = await temporaryFolder();
    await playRun(folder.path, 'one');
    await rm(runIn(folder.path, 'one'), { recursive: true });
    await leaveDeadRun(folder.path, 'dead');
    await replaceByFile(runIn(folder.path, 'dead'));
    await playRun(folder.path, 'three');
    await beginRun(folder.path, 'open');
    const { problems, checked, notChecked } = await verify(folder.path);
    expect(problems).toEqual([]);
    expect(checked).toContain('manifest and record of 1 runs against their seals');
    expect(notChecked).toEqual([
      expect.stringMatching(/^run 2 \(dead\), which has no seal: process .*could not be sealed: ENOTDIR/),
      expect.stringMatching(/^run 4 \(open\), which has no seal: it has no end/),
      'folders of runs that are not here: 1',
    ]);
  });

  test('a folder without a seal is told with what the ledger knows of it', async () => {
    await using folder = await temporaryFolder();
    await leaveDeadRun(folder.path, 'dead');
    await replaceByFile(runIn(folder.path, 'dead'));
    await (await beginRun(folder.path, 'next')).fail('');
    const verifying = verifyRun(runIn(folder.path, 'dead'), { ledgerFolder: join(folder.path, 'ledger') });
    await expect(verifying).rejects.toThrow(/nothing to verify.*run 1 \(dead\) without a seal: .*ENOTDIR/s);
  });
});

test('a run that died is closed without another run, once', async () => {
  await using folder = await temporaryFolder();
  await leaveDeadRun(folder.path, 'dead');
  const said: string[] = [];
  const ledger = join(folder.path, 'ledger');
  await closeDeadRuns(ledger, (line) => said.push(line));
  await closeDeadRuns(ledger, (line) => said.push(line));
  expect(said).toEqual(['ledger: run 1 (dead) had died; it was closed as aborted']);
  expect((await verify(folder.path)).problems).toEqual([]);
  await closeDeadRuns(join(folder.path, 'nowhere'), (line) => said.push(line));
  await expect(readFile(join(folder.path, 'nowhere', 'ledger.jsonl'))).rejects.toThrow('ENOENT');
});

async function replaceByFile(run: string): Promise<void> {
  await rm(run, { recursive: true });
  await writeFile(run, '');
}

async function replaceByFolder(run: string): Promise<void> {
  await rm(join(run, 'drill.json'));
  await mkdir(join(run, 'drill.json'));
}

async function takeManifest(run: string): Promise<void> {
  await writeFile(join(run, 'manifest.json'), await readFile(join(run, '..', 'two', 'manifest.json')));
}
