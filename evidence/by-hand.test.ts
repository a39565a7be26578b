import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHandChecks, byHandLedgerChecks } from '../domain/evidence.ts';
import { Ledger } from './ledger.ts';
import { playRun, temporaryFolder } from './ledger.test-data.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let run: string;
let ledger: Ledger;

beforeAll(async () => {
  folder = await temporaryFolder();
  run = join(folder.path, 'runs', 'one');
  ledger = new Ledger(join(folder.path, 'ledger'));
  await playRun(folder.path, 'one');
});
afterAll(() => folder[Symbol.asyncDispose]());

const shell = (command: string, cwd: string) => execa('bash', ['-c', command], { cwd, reject: false, all: true });

/** Titles of the checks that a command refuses, after a byte of a file was changed. */
async function refused(file: string): Promise<string[]> {
  const path = join(run, file);
  const before = await readFile(path);
  const changed = Buffer.from(before);
  // In the middle of the file, a letter for another one.
  const at = Math.floor(changed.length / 2);
  changed[at] = changed[at]! ^ 1;
  await writeFile(path, changed);
  const titles: string[] = [];
  for (const { title, command } of byHandChecks()) if ((await shell(command, run)).exitCode !== 0) titles.push(title);
  await writeFile(path, before);
  return titles;
}

describe("a run's folder by hand, with openssl and sha256sum", () => {
  test('every command agrees, and shows the id of the key', async () => {
    const outputs: string[] = [];
    for (const { command } of byHandChecks()) {
      const { exitCode, all } = await shell(command, run);
      expect({ command, exitCode, all }).toMatchObject({ exitCode: 0 });
      outputs.push(all);
    }
    const first = JSON.parse((await readFile(ledger.paths.ledger, 'utf8')).split('\n')[0]!) as { keyId: string };
    expect(outputs[0]).toContain(first.keyId);
    expect(outputs[2]).toContain('drill.json: OK');
    expect(outputs[2]).toContain('allure-results/1-result.json: OK');
    expect(outputs[3]).toContain('Signature Verified Successfully');
  });

  test.for([
    ['drill.json', ['Every artefact is the one that the manifest names']],
    ['manifest.json.sig', ['The manifest is signed']],
    ['attestation.dsse.json', ['The statement on the result is signed']],
  ] as const)('a byte of %s changed is refused', async ([file, titles]) => {
    expect(await refused(file)).toEqual(titles);
  });

  test('a byte of the manifest changed is refused', async () => {
    expect(await refused('manifest.json')).toContain('The manifest is signed');
  });
});

describe('the ledger by hand', () => {
  const [check] = byHandLedgerChecks();

  test('the command agrees, and shows the head', async () => {
    const { exitCode, all } = await shell(check!.command, ledger.folder);
    expect(all).toBe(`3 lines\nhead ${(await ledger.head()).sha256}`);
    expect(exitCode).toBe(0);
  });

  test('a byte changed is refused, in its line and by the next one', async () => {
    const text = await readFile(ledger.paths.ledger, 'utf8');
    await writeFile(ledger.paths.ledger, text.replace('"kind":"begun"', '"kind":"bedun"'));
    const { exitCode, all } = await shell(check!.command, ledger.folder);
    await writeFile(ledger.paths.ledger, text);
    expect(all).toContain('line 2 is not signed\nline 3 does not name the sha256 of the line before it');
    expect(exitCode).toBe(1);
  });
});
