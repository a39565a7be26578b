import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../evidence/ledger.test-data.ts';
import { gatherQuarter } from './gather.ts';
import { failRun, ledgerIn, playRun } from './ledger.test-data.ts';
import { planned } from './quarter.test-data.ts';
import { quarterOf } from './quarter-of.ts';

const period = { from: new Date('2026-01-01'), to: new Date('2026-04-01') };

const gather = (folder: string) =>
  gatherQuarter({
    period,
    now: new Date('2026-04-10'),
    firedrill: '0.1.0',
    programme: [planned()],
    ledger: ledgerIn(folder),
    findings: join(folder, 'findings.yaml'),
    retentionYears: 7,
  });

test('a quarter is read from its ledger and its records; a failed run has opened findings, a green one has closed them', async () => {
  await using folder = await temporaryFolder();
  await playRun(folder.path, 'december', '2025-12-20T02:00:00.000Z');
  await playRun(folder.path, 'january', '2026-01-05T02:00:00.000Z', 'failing');
  await failRun(folder.path, 'february', '2026-02-05T02:00:00.000Z', 'no engine');
  await playRun(folder.path, 'march', '2026-03-05T02:00:00.000Z');
  await playRun(folder.path, 'april', '2026-04-05T02:00:00.000Z');

  const { inputs, change } = await gather(folder.path);
  const report = quarterOf(inputs);
  expect(report.runs.map(({ runId, outcome }) => [runId, outcome])).toEqual([
    ['january', 'failed'],
    ['february', 'inconclusive'],
    ['march', 'green'],
  ]);
  expect([...inputs.records.keys()]).toEqual([1, 2, 4, 5]);
  expect(report.ledger).toMatchObject({
    verifies: true,
    missingRecords: [],
    headAtStart: { runs: 1 },
    headAtEnd: { runs: 4 },
  });
  expect(change.opened.length).toBeGreaterThan(1);
  expect(change.closed.toSorted()).toEqual(change.opened.toSorted());
  expect(report.findings.find(({ check }) => check === 'integrity.rows')).toMatchObject({ openedBy: 2, retest: 4 });
  expect(report.findings.find(({ check }) => check === 'run')).toMatchObject({
    openedBy: 3,
    what: expect.stringContaining('no engine'),
  });
  expect(report.masking.lines.map(({ run, verdict }) => [run, verdict])).toEqual([
    [2, 'fail'],
    [4, 'pass'],
  ]);
  expect(report.restores).toMatchObject([
    { last: { run: 4 } },
    { inPeriod: false },
    { inPeriod: false, onStandIn: { run: 4, product: 'Meilisearch' } },
  ]);
  expect(report.weaknesses.find(({ name }) => name === 'not-restored')?.text).toBe(
    'No good restore in the period, nor by the last green run of any drill before it, of objects, search.',
  );
});

test('a record that is gone, and one that was changed after it was sealed, are told and not used', async () => {
  await using folder = await temporaryFolder();
  const gone = await playRun(folder.path, 'gone', '2026-01-05T02:00:00.000Z');
  const changed = await playRun(folder.path, 'changed', '2026-02-05T02:00:00.000Z');
  const forged = await playRun(folder.path, 'forged', '2026-03-05T02:00:00.000Z');
  await rm(gone.directory, { recursive: true });
  await appendFile(join(changed.directory, 'drill.json'), ' ');
  await appendFile(join(forged.directory, 'manifest.json'), ' ');
  const { inputs } = await gather(folder.path);
  expect([...inputs.records.keys()]).toEqual([]);
  expect(inputs.missingRecords).toMatchObject([
    { run: 1, why: 'there is no drill.json in its folder' },
    { run: 2, why: 'drill.json was changed after it was sealed' },
    { run: 3, why: 'its manifest.json is not the one that the ledger names' },
  ]);
  expect(quarterOf(inputs).weaknesses.map(({ name }) => name)).toContain('records');
});

test('a ledger that was changed is reported, and one that is not there is an error', async () => {
  await using folder = await temporaryFolder();
  await expect(gather(folder.path)).rejects.toThrow('there is no ledger');
  await playRun(folder.path, 'one', '2026-01-05T02:00:00.000Z');
  const file = join(ledgerIn(folder.path), 'ledger.jsonl');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('"runId":"one"', '"runId":"two"'));
  const report = quarterOf((await gather(folder.path)).inputs);
  expect(report.ledger.verifies).toBe(false);
  expect(report.weaknesses[0]).toMatchObject({ name: 'ledger', text: expect.stringContaining('line 2') });

  await appendFile(file, 'no entry\n');
  const damaged = quarterOf((await gather(folder.path)).inputs);
  expect(damaged.ledger.problems).toContainEqual(expect.stringContaining('line 4: it is not as it was written'));
  expect(damaged.runs).toHaveLength(1);
});
