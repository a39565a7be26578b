import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../evidence/ledger.test-data.ts';
import { parseFindings } from '../../quarterly/findings.ts';
import { failRun, ledgerIn, playRun } from '../../quarterly/ledger.test-data.ts';
import { firedrill } from '../firedrill.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let register: string;

const findings = (...args: string[]) => firedrill(['findings', ...args, '--ledger', ledgerIn(folder.path)]);
const stored = async () => parseFindings(await readFile(register, 'utf8'), register).findings[0];

beforeAll(async () => {
  folder = await temporaryFolder();
  register = join(ledgerIn(folder.path), 'findings.yaml');
  await failRun(folder.path, 'january', '2026-01-05T02:00:00.000Z', 'no engine');
  const args = ['--from', '2026-01-01', '--to', '2026-01-31', '--out', join(folder.path, 'out')];
  await firedrill(['quarterly', ...args, '--ledger', ledgerIn(folder.path)], {
    FIREDRILL_CHROMIUM: '/no/such/browser',
  });
  await playRun(folder.path, 'february', '2026-02-05T02:00:00.000Z', 'failing');
  await playRun(folder.path, 'march', '2026-03-05T02:00:00.000Z');
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('findings', () => {
  test('are listed with their state', async () => {
    const { stdout, exitCode } = await findings();
    expect(stdout).toMatch(/^F-0001 {2}\w+ +db-loss: run\n +due 2026-02-04, .*; opened by run 1 of 2026-01-05\n/);
    expect(exitCode).toBe(0);
    expect((await findings('list', '--state', 'closed')).stdout).toContain('no closed finding in');
    expect(JSON.parse((await findings('list', '--json')).stdout)).toMatchObject([{ id: 'F-0001', check: 'run' }]);
  });

  test('are assigned and taken on; comments of people stay', async () => {
    await writeFile(register, `${await readFile(register, 'utf8')}# Ours.\n`);
    expect((await findings('assign', 'F-0001', '--owner', 'Jane', '--due', '2030-01-31')).stdout).toContain('Jane');
    expect((await findings('accept', 'F-0001', '--note', 'new disk ordered')).stdout).toContain('taken on');
    expect(await stored()).toMatchObject({ owner: 'Jane', due: '2030-01-31', note: 'new disk ordered' });
    expect(await readFile(register, 'utf8')).toContain('# Ours.');
  });

  test.for([
    ['a finding that is not there', ['assign', 'F-0009', '--owner', 'Jane'], 'there is no such finding'],
    ['no day', ['assign', 'F-0001', '--due', '2026-02-31'], 'expected a day'],
    ['nothing to assign', ['assign', 'F-0001'], 'nothing is assigned'],
    ['a retest that was red', ['retest', 'F-0001', '2'], 'run 2 is failed'],
    ['a retest that the ledger does not have', ['retest', 'F-0001', '9'], 'the ledger has no run 9'],
  ] as const)('%s is refused, and nothing is written', async ([, args, words]) => {
    const before = await readFile(register, 'utf8');
    const result = await findings(...args);
    expect(result).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(words) });
    expect(await readFile(register, 'utf8')).toBe(before);
  });

  test('are closed by a green retest of a ledger that verifies, and by nothing else', async () => {
    const ledger = join(ledgerIn(folder.path), 'ledger.jsonl');
    const text = await readFile(ledger, 'utf8');
    await writeFile(ledger, text.replace('"runId":"march"', '"runId":"marsh"'));
    expect((await findings('retest', 'F-0001', '3')).stderr).toContain('a ledger that verifies');
    await writeFile(ledger, text);
    const { stdout, exitCode } = await findings('retest', 'F-0001', '3');
    expect({ stdout, exitCode }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/closed .*\n +closed by run 3/),
    });
    expect(await stored()).toMatchObject({ state: 'closed', retest: { run: 3, runId: 'march' } });
    expect((await findings('assign', 'F-0001', '--owner', 'Joe')).stderr).toContain('it is closed');
  });
});
