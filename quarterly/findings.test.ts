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
  expect(await readFile(file, 'utf8')).toMatch(/^# Findings of failed drills.*\n# a green retest of the same drill/);
});

test('what people have written stays: comments, order, keys that nobody knows', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'findings.yaml');
  const text = `# Ours.
schemaVersion: 1
team: platform # who reads this
findings:
  # Seen before.
  - ticket: OPS-12
    id: F-0001
    drill: db-loss
    check: integrity.rows
    what: expected 20,000 rows, actual 19,999 rows
    opened: { run: 1, runId: db-loss-1, at: 2026-01-05T02:00:00.000Z }
    owner: Operations # by default
    due: 2026-02-04
    accepted: 2026-01-06
    state: open
`;
  await writeFile(file, text);
  const register = await readFindings(file);
  await writeFindings(file, register);
  expect(await readFile(file, 'utf8')).toBe(text);
  const [{ accepted: _, ...first } = finding()] = register.findings;
  const second = finding({ id: 'F-0002' });
  await writeFindings(file, { ...register, findings: [{ ...first, owner: 'Jane' }, second] });
  const after = await readFile(file, 'utf8');
  const expected = text.replace('owner: Operations', 'owner: Jane').replace(/ *accepted.*\n/, '');
  expect(after.slice(0, expected.length)).toBe(expected);
  expect((await readFindings(file)).findings).toEqual([{ ...first, owner: 'Jane' }, second]);
});

const retest = '{ run: 4, runId: x, at: 2026-02-01T02:00:00.000Z }';
const whole = (members: string): string =>
  `schemaVersion: 1\nfindings:\n  - { id: F-0001, drill: d, check: c, what: w, opened: { run: 4, runId: r, at: 2026-01-05T02:00:00.000Z }, ${members} }\n`;

test.for([
  ['no YAML', 'findings: [', 'cannot be read'],
  ['another version', 'schemaVersion: 2\nfindings: []\n', 'schemaVersion'],
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
  const one = JSON.stringify(finding());
  await writeFile(file, `{ "schemaVersion": 1, "findings": [${one}, ${one}] }`);
  await expect(readFindings(file)).rejects.toThrow('F-0001 is there twice');
});
