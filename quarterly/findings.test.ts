import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../evidence/ledger.test-data.ts';
import { emptyRegister, parseFindings, readFindings, writeFindings } from './findings.ts';
import { finding } from './quarter.test-data.ts';

test('a register is had back as it was written, and nothing else is left in its folder', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'findings.yaml');
  expect(await readFindings(file)).toEqual(emptyRegister());
  const retest = { run: 4, runId: 'db-loss-4', at: '2026-02-01T02:00:00.000Z' };
  const register = {
    schemaVersion: 1 as const,
    findings: [
      finding(),
      finding({ id: 'F-0002', from: 'dump', state: 'closed', retest, note: 'index rebuilt: done' }),
    ],
  };
  await writeFindings(file, register);
  await writeFindings(file, register);
  expect(await readFindings(file)).toEqual(register);
  expect(await readdir(folder.path)).toEqual(['findings.yaml']);
  expect(await readFile(file, 'utf8')).toContain('only by a green retest');
});

const retest = '{ run: 4, runId: x, at: 2026-02-01T02:00:00.000Z }';
const whole = (members: string): string =>
  `schemaVersion: 1\nfindings:\n  - { id: F-0001, drill: d, check: c, what: w, opened: { run: 4, runId: r, at: 2026-01-05T02:00:00.000Z }, ${members} }\n`;

test.for([
  ['no YAML', 'findings: [', 'cannot be read'],
  ['another version', 'schemaVersion: 2\nfindings: []\n', 'schemaVersion'],
  ['a member that is not known', whole('owner: o, due: 2026-02-04, state: open, colour: red'), 'colour'],
  ['no day', whole('owner: o, due: soon, state: open'), 'findings[0].due'],
  ['closed without a retest', whole('owner: o, due: 2026-02-04, state: closed'), 'names the run of its green retest'],
  ['open with a retest', whole(`owner: o, due: 2026-02-04, state: open, retest: ${retest}`), 'has no retest yet'],
  ['a retest before it', whole(`owner: o, due: 2026-02-04, state: closed, retest: ${retest}`), 'a later run'],
] as const)('%s is told in one error', ([, text, words]) => {
  expect(() => parseFindings(text, 'findings.yaml')).toThrow(words);
  expect(() => parseFindings(text, 'findings.yaml')).toThrow('findings.yaml');
});

test('all mistakes are told at once, and an id that is there twice is one', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'findings.yaml');
  await writeFile(file, whole("owner: '', due: soon, state: done"));
  await expect(readFindings(file)).rejects.toThrow(/owner.*due.*state/s);
  await writeFindings(file, { schemaVersion: 1, findings: [finding(), finding()] });
  await expect(readFindings(file)).rejects.toThrow('F-0001 is there twice');
});
