import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { expect, test } from 'vitest';
import { beginRun, playRun, temporaryFolder } from '../../evidence/ledger.test-data.ts';
import { firedrill } from '../firedrill.ts';

const digest = /^[0-9a-f]{64}$/;

test('keys: made once, rotated, listed', async () => {
  await using folder = await temporaryFolder();
  const keys = (command: string) => firedrill(['keys', command, '--ledger', folder.path]);
  expect((await keys('list')).all).toContain('there are no keys yet');
  expect(await keys('init')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^key [0-9a-f]{64}\n/) });
  expect(await keys('init')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('already') });
  expect((await keys('rotate')).exitCode).toBe(0);
  const { stdout } = await keys('list');
  expect(
    stdout
      .split('\n')
      .map((line) => line.slice(66))
      .toSorted(),
  ).toEqual(['can sign', 'verifies only']);
  expect((await firedrill(['verify', 'ledger', '--ledger', folder.path])).exitCode).toBe(0);
});

test('a ledger: its head, kept elsewhere, tells that its end was cut off', async () => {
  await using folder = await temporaryFolder();
  const ledger = join(folder.path, 'ledger');
  await playRun(folder.path, 'one');
  const { stdout: head } = await firedrill(['ledger', 'head', '--ledger', ledger]);
  expect(head).toMatch(digest);
  const verify = () => firedrill(['verify', join(ledger, 'ledger.jsonl'), '--head', head]);
  expect(await verify()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('3 entries of 1 runs') });
  const text = await readFile(join(ledger, 'ledger.jsonl'), 'utf8');
  await writeFile(join(ledger, 'ledger.jsonl'), `${text.split('\n').slice(0, 2).join('\n')}\n`);
  expect(await verify()).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('entries at its end were removed'),
  });
  expect((await firedrill(['verify', '--head', 'x'])).exitCode).toBe(3);
});

test('a key that is given must be the one that the ledger begins with', async () => {
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  for (const { path } of [folder, other]) await firedrill(['keys', 'init', '--ledger', path]);
  const keyOf = async (path: string): Promise<string> => {
    const { stdout } = await firedrill(['keys', 'list', '--ledger', path]);
    return join(path, 'keys', `${stdout.slice(0, 16)}.pem`);
  };
  const verify = async (path: string) => firedrill(['verify', folder.path, '--key', await keyOf(path)]);
  expect((await verify(folder.path)).exitCode).toBe(0);
  expect(await verify(other.path)).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('not one that is trusted'),
  });
});

test('the commands that are printed verify the same by hand', async () => {
  await using folder = await temporaryFolder();
  await playRun(folder.path, 'one');
  const run = join(folder.path, 'runs', 'one');
  for (const what of [run, join(folder.path, 'ledger')]) {
    const { stdout: script } = await firedrill(['verify', what, '--by-hand']);
    const { exitCode, all } = await execa('bash', ['-e'], { input: script, all: true, reject: false });
    expect(exitCode, all).toBe(0);
  }
});

test('a folder that was never sealed is wrong usage', async () => {
  await using folder = await temporaryFolder();
  await beginRun(folder.path, 'one');
  const result = await firedrill(['verify', join(folder.path, 'runs', 'one')]);
  expect(result).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('there is nothing to verify') });
});
