import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const folder = import.meta.dirname;

/** Files of the masking folder that a file imports, directly or through others. */
async function reach(file: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = await readFile(file, 'utf8');
  for (const [, path = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
    const target = normalize(join(dirname(file), path));
    if (target.startsWith(folder)) await reach(target, seen);
  }
  return seen;
}

const scannerFiles = await Array.fromAsync(glob(join(folder, 'scanner', '*.ts')));
const isScanner = (file: string) => file.startsWith(join(folder, 'scanner')) || basename(file) === 'scan.ts';

it('the scanner uses nothing of the masking', async () => {
  const reached = await reach(join(folder, 'scan.ts'));
  expect(reached.size).toBeGreaterThan(10);
  expect([...reached].filter((file) => !isScanner(file))).toEqual([]);
  for (const file of reached) expect(await readFile(file, 'utf8'), file).not.toMatch(/MaskingPolicy|ColumnRule/);
});

it('the masking uses nothing of the scanner', async () => {
  for (const entry of ['plan.ts', 'observe.ts']) {
    expect([...(await reach(join(folder, entry)))].filter(isScanner)).toEqual([]);
  }
});

it('every file of the scanner is looked at', async () => {
  const reached = await reach(join(folder, 'scan.ts'));
  const sources = scannerFiles.filter((file) => !file.endsWith('.test.ts'));
  expect(sources.filter((file) => !reached.has(file))).toEqual([]);
});
