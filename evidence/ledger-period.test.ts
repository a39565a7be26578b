import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { readPeriod } from './ledger-period.ts';
import { newRun, temporaryFolder } from './ledger.test-data.ts';
import { Ledger } from './ledger.ts';

const nobodyIsDead = () => Promise.reject(new Error('nobody is dead'));

test('the runs of a period with their ends, the heads around it, and its keys', async () => {
  await using folder = await temporaryFolder();
  let now = '2025-12-31T23:00:00.000Z';
  const clock: Clock = { now: () => new Date(now), monotonicMs: () => 0 };
  const ledger = new Ledger(join(folder.path, 'ledger'), { clock });
  const begin = (runId: string) => ledger.begin(newRun(folder.path, runId), nobodyIsDead);
  const before = await begin('before');
  const headAtStart = await ledger.close(before, async () => ({ state: 'finished', verdict: 'pass' }));
  now = '2026-01-01T00:00:00.000Z';
  const late = await begin('late');
  const { nextKeyId } = await ledger.rotate();
  await begin('open');
  now = '2026-03-31T23:59:59.999Z';
  const headAtEnd = await ledger.head();
  now = '2026-04-01T00:00:00.000Z';
  await ledger.close(late, async () => ({ state: 'failed', verdict: 'fail' }));
  await begin('after');

  const quarter = { from: new Date('2026-01-01'), to: new Date('2026-04-01') };
  const period = await readPeriod(ledger.paths, quarter);
  expect(period.runs.map(({ run, end }) => [run.number, run.runId, end?.verdict])).toEqual([
    [1, 'before', 'pass'],
    [2, 'late', 'fail'],
    [3, 'open', undefined],
    [4, 'after', undefined],
  ]);
  expect(period).toMatchObject({ headAtStart, headAtEnd, beganAt: '2025-12-31T23:00:00.000Z' });
  expect(period.verification.problems).toEqual([]);
  expect(period.keys.map(({ since }) => since)).toEqual(['2025-12-31T23:00:00.000Z', '2026-01-01T00:00:00.000Z']);
  expect(period.keys.at(-1)?.keyId).toBe(nextKeyId);

  const none = await readPeriod(ledger.paths, { from: new Date('2020-01-01'), to: new Date('2020-04-01') });
  expect(none.keys).toEqual([]);
  expect(none).not.toHaveProperty('headAtEnd');
  expect(none.runs).toHaveLength(4);
});

test('a line that cannot be read is told, the others are read; a ledger that is not there is an error', async () => {
  await using folder = await temporaryFolder();
  const ledger = new Ledger(join(folder.path, 'ledger'));
  const always = { from: new Date(0), to: new Date('2100-01-01') };
  await expect(readPeriod(ledger.paths, always)).rejects.toThrow('there is no ledger');
  await ledger.begin(newRun(folder.path, 'one'), nobodyIsDead);
  await appendFile(ledger.paths.ledger, '{"torn');
  const { runs, verification } = await readPeriod(ledger.paths, always);
  expect(runs.map(({ run }) => run.runId)).toEqual(['one']);
  expect(verification.problems.map(({ line }) => line)).toEqual([3, 3]);
});
