import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { factOf, readRecords } from './read-records.ts';

test('records anywhere below a folder; what cannot be read is told and holds up nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-records-'));
  const { sabotage: _, ...failing } = sampleRecord('failing');
  const record = { ...failing, from: 'dump' };
  const files = {
    'a/b/drill.json': JSON.stringify(record),
    'c/drill.json': '{"schemaVersion":1}',
    'd/drill.json': '',
    'd/other.json': JSON.stringify(record),
  };
  try {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const { found, unreadable } = await readRecords(folder, (one) => factOf(one.record));
    expect(found).toEqual([
      {
        runId: record.runId,
        drill: record.drill,
        startedAt: record.startedAt,
        state: 'finished',
        verdict: 'fail',
        engine: record.engine,
        rows: record.environment.rows,
        runbookSha256: record.runbook.sha256,
        from: 'dump',
        gitRevision: record.environment.gitRevision,
      },
    ]);
    expect(unreadable).toEqual([
      expect.stringMatching(/^c\/drill\.json: the record is not a drill\.json.*runId/),
      expect.stringMatching(/^d\/drill\.json: the record cannot be read.*empty file/),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a folder that is not there holds none', async () => {
  const nowhere = join(tmpdir(), 'firedrill-no-such-folder');
  expect(await readRecords(nowhere, ({ file }) => file)).toEqual({ found: [], unreadable: [] });
});

test('what a fact has of a record of this version', () => {
  const { sabotage: _, ...record } = sampleRecord('died');
  const environment = { ...record.environment, schemaSha256: 'e'.repeat(64) };
  const fact = factOf({ ...record, environment, sabotage: 'x' });
  expect(fact).toMatchObject({ schemaSha256: 'e'.repeat(64), sabotage: 'x', state: 'running' });
  expect(fact.verdict).not.toBe('pass');
});
