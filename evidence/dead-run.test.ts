import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LedgerEntry, LedgerEnd } from '../domain/ledger.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { ledgerPaths } from './ledger-paths.ts';
import { beginRun, leaveDeadRun, playRun, temporaryFolder } from './ledger.test-data.ts';
import { verifyLedger } from './verify-ledger.ts';

const runIn = (folder: string, runId: string): string => join(folder, 'runs', runId);

async function endsIn(folder: string): Promise<LedgerEnd[]> {
  const text = await readFile(ledgerPaths(join(folder, 'ledger')).ledger, 'utf8');
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEntry);
  return entries.flatMap((entry) => (entry.kind === 'closed' ? [entry.end] : []));
}

describe('whatever a run that died has left, the next one begins, and what is wrong is said and kept', () => {
  test.for<[string, (directory: string) => Promise<unknown>, RegExp]>([
    ['no folder', (directory) => rm(directory, { recursive: true }), /it left no folder/],
    ['a file in place of its folder', replaceByFile, /could not be sealed: ENOTDIR/],
    ['a loop of links in place of it', replaceByLoop, /could not be sealed: ELOOP/],
    ['the folder of another run', claimFor('other'), /belongs to another run: expected dead, actual other/],
    ['a folder where a file belongs', (directory) => mkdir(join(directory, 'run.json')), /could not be sealed: EISDIR/],
  ])('%s', async ([, damage, reason]) => {
    await using folder = await temporaryFolder();
    await leaveDeadRun(folder.path, 'dead');
    await damage(runIn(folder.path, 'dead'));
    const said: string[] = [];
    const next = await beginRun(folder.path, 'next', (line) => said.push(line));
    expect(said).toEqual([
      expect.stringMatching(/^ledger: run 1 \(dead\) had died; it was closed as aborted, not sealed: /),
    ]);
    expect(said[0]).toMatch(reason);
    await next.close(sampleRecord('passing'));
    const [dead, closed] = await endsIn(folder.path);
    expect(dead).toMatchObject({ state: 'aborted', verdict: 'inconclusive', reason: expect.stringMatching(reason) });
    expect(dead).not.toHaveProperty('seal');
    expect(closed).toMatchObject({ state: 'finished', verdict: 'pass', seal: {} });
    expect((await verifyLedger(ledgerPaths(join(folder.path, 'ledger')))).problems).toEqual([]);
  });

  test.for<[string, string]>([
    ['empty', ''],
    ['cut off', '{"schemaVersion": 1, "runId": "de'],
    ['of another program', '[1, 2]'],
    ['null', 'null'],
    ['too new', '{"schemaVersion": 99, "runId": "dead"}'],
  ])('a record that is %s is sealed as it is', async ([, text]) => {
    await using folder = await temporaryFolder();
    await leaveDeadRun(folder.path, 'dead');
    await writeFile(join(runIn(folder.path, 'dead'), 'drill.json'), text);
    await (await beginRun(folder.path, 'next')).fail('');
    expect((await endsIn(folder.path))[0]).toMatchObject({ state: 'aborted', seal: { artefacts: 2 } });
  });

  test('two dead runs: the second is closed although the first cannot be sealed', async () => {
    await using folder = await temporaryFolder();
    await leaveDeadRun(folder.path, 'one');
    await leaveDeadRun(folder.path, 'two');
    await replaceByFile(runIn(folder.path, 'one'));
    await (await beginRun(folder.path, 'next')).fail('');
    const ends = await endsIn(folder.path);
    expect(ends).toHaveLength(3);
    expect(ends.some(({ state, seal }) => state === 'aborted' && seal !== undefined)).toBe(true);
  });

  test('one that still runs keeps its folder, though a dead one had asked for it', async () => {
    await using folder = await temporaryFolder();
    await leaveDeadRun(folder.path, 'dead');
    await rm(runIn(folder.path, 'dead'), { recursive: true });
    await mkdir(runIn(folder.path, 'dead'));
    await claimFor('living')(runIn(folder.path, 'dead'));
    await (await beginRun(folder.path, 'next')).fail('');
    expect(await readFile(join(runIn(folder.path, 'dead'), 'run.json'), 'utf8')).toContain('living');
    await expect(readFile(join(runIn(folder.path, 'dead'), 'manifest.json'))).rejects.toThrow('ENOENT');
  });
});

describe('a disk that is full or read-only when a run is sealed', () => {
  test('a green run is kept as inconclusive with the reason, a red one stays red, and the next one begins', async (context) => {
    await using folder = await temporaryFolder();
    for (const [runId, sample, verdict] of [
      ['one', 'passing', 'inconclusive'],
      ['two', 'failing', 'fail'],
    ] as const) {
      const run = await beginRun(folder.path, runId);
      const { isLocked, restore } = await lockFolder(runIn(folder.path, runId));
      context.skip(!isLocked, 'this user cannot make a folder read-only for itself: chattr');
      const closing = run.close(sampleRecord(sample));
      await expect(closing).rejects.toThrow('the run is closed in the ledger, and its folder could not be sealed');
      await restore();
      const end = (await endsIn(folder.path)).at(-1);
      expect(end).toMatchObject({ state: 'finished', verdict, reason: expect.stringContaining('could not be sealed') });
      expect(end).not.toHaveProperty('seal');
    }
    await playRun(folder.path, 'three');
  });

  test('a dead run stays open as long as that lasts, and is sealed once it is over', async (context) => {
    await using folder = await temporaryFolder();
    await leaveDeadRun(folder.path, 'dead');
    const { isLocked, restore } = await lockFolder(runIn(folder.path, 'dead'));
    context.skip(!isLocked, 'this user cannot make a folder read-only for itself: chattr');
    const said: string[] = [];
    await (await beginRun(folder.path, 'next', (line) => said.push(line))).fail('');
    expect(said[0]).toMatch(
      /run 1 \(dead\) has died and stays open, its folder cannot be sealed now: E(PERM|ACCES|ROFS)/,
    );
    await restore();
    await (await beginRun(folder.path, 'later')).fail('');
    expect((await endsIn(folder.path)).find(({ state }) => state === 'aborted')).toMatchObject({
      seal: { artefacts: 1 },
    });
  });
});

async function replaceByFile(directory: string): Promise<void> {
  await rm(directory, { recursive: true });
  await writeFile(directory, '');
}

async function replaceByLoop(directory: string): Promise<void> {
  await rm(directory, { recursive: true });
  await symlink(directory, directory);
}

function claimFor(runId: string): (directory: string) => Promise<void> {
  return (directory) => writeFile(join(directory, 'run.json'), JSON.stringify({ schemaVersion: 1, runId }));
}

/** Makes a folder read-only, for root too where that can be had, and gives what undoes it. */
async function lockFolder(directory: string): Promise<{ isLocked: boolean; restore: () => Promise<void> }> {
  const restore = async (): Promise<void> => {
    await execa('chattr', ['-i', directory], { reject: false });
    await chmod(directory, 0o755).catch(() => {});
  };
  onTestFinished(restore);
  await chmod(directory, 0o555);
  if (process.getuid?.() !== 0) return { isLocked: true, restore };
  const { failed } = await execa('chattr', ['+i', directory], { reject: false });
  return { isLocked: !failed, restore };
}
