import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../evidence/ledger.test-data.ts';
import { findChromium, takeScreenshot } from '../reports/screenshot.ts';
import { firedrill } from '../tests/firedrill.ts';
import { parseFindings } from './findings.ts';
import { failRun, ledgerIn, playRun } from './ledger.test-data.ts';
import { quarterlyFiles } from './write.ts';

const browser = findChromium();

test('the command writes the report and the register; asked again, it changes nothing of the register', async () => {
  await using folder = await temporaryFolder();
  await playRun(folder.path, 'january', '2026-01-05T02:00:00.000Z', 'failing');
  await failRun(folder.path, 'february', '2026-02-05T02:00:00.000Z', 'no engine');
  await playRun(folder.path, 'march', '2026-03-05T02:00:00.000Z');
  const out = join(folder.path, 'quarter');
  const file = (name: keyof typeof quarterlyFiles): string => join(out, quarterlyFiles[name]);
  const days = ['--from', '2026-01-01', '--to', '2026-03-31'];
  const args = ['quarterly', ...days, '--ledger', ledgerIn(folder.path), '--out', out];

  const first = await firedrill(args);
  expect(first.all).toContain('quarter   2026-Q1: ');
  // It left no record: nothing is known of the recovery, and nothing of it failed.
  expect(first.all).toContain('No result, ended inconclusive: run 2. The drill was held again.');
  expect(first.all).toContain('run 1 red, run 3 green');
  expect(first.exitCode).toBe(0);
  expect(JSON.parse(await readFile(file('json'), 'utf8'))).toMatchObject({ name: '2026-Q1', runs: [{}, {}, {}] });
  expect(await readFile(file('markdown'), 'utf8')).toContain('no engine');
  const register = join(ledgerIn(folder.path), 'findings.yaml');
  const text = await readFile(register, 'utf8');
  expect(parseFindings(text, register).findings.every(({ state }) => state === 'closed')).toBe(true);

  const again = await firedrill(args);
  expect(again.exitCode).toBe(0);
  expect(again.all).not.toContain('findings ');
  expect(await readFile(register, 'utf8')).toBe(text);

  if (browser === undefined) {
    expect(again.all).toContain('there is no Chromium');
    expect(existsSync(file('pdf'))).toBe(false);
    return;
  }
  expect((await stat(file('pdf'))).size).toBeGreaterThan(10_000);
  for (const widthPx of [1280, 400]) {
    const behaviour = await takeScreenshot({ report: file('html'), out: join(folder.path, 'page.png'), widthPx });
    expect(behaviour).toEqual({ requests: [], messages: [], overflowPx: 0 });
  }
});

test.for([
  ['no ledger', [], 'there is no ledger'],
  ['half a period', ['--from', '2026-01-01'], 'only --from'],
  ['a period that lies ahead', ['--from', '2999-01-01', '--to', '2999-03-31'], 'a period that has begun'],
] as const)('%s is wrong usage', async ([, given, words]) => {
  await using folder = await temporaryFolder();
  const result = await firedrill(['quarterly', ...given, '--ledger', folder.path, '--out', join(folder.path, 'out')]);
  expect(result.all).toContain(words);
  expect(result.exitCode).toBe(3);
});
