import { expect, test } from 'vitest';
import type { LedgerEntry, LedgerRun } from '../domain/ledger.ts';
import { RunCheck } from './run-check.ts';

const runOf = (number: number, changes: Partial<LedgerRun> = {}): LedgerRun => ({
  number,
  runId: `run-${number}`,
  drill: 'db-loss',
  scenario: 'database-loss',
  runbook: { name: 'r', version: '1', sha256: 'a' },
  engine: 'native',
  startedAt: '2026-03-01T10:00:00.000Z',
  folder: `../runs/${number}`,
  ...changes,
});
const position = { schemaVersion: 1 as const, at: '2026-03-01T10:00:00.000Z', previous: '0', keyId: 'k' };
const begun = (index: number, run: LedgerRun, runs: number, open: number[]): LedgerEntry => ({
  ...position,
  kind: 'begun',
  index,
  run,
  runs,
  open,
  holder: { host: 'h', pid: 1 },
});
const closed = (index: number, run: LedgerRun, runs: number, open: number[]): LedgerEntry => ({
  ...position,
  kind: 'closed',
  index,
  run,
  runs,
  open,
  end: { state: 'finished', verdict: 'pass' },
});

test('runs that follow one another without gaps are right', () => {
  const check = new RunCheck();
  const entries = [begun(1, runOf(1), 1, [1]), closed(2, runOf(1), 1, []), begun(3, runOf(2), 2, [2])];
  expect(entries.flatMap((entry) => check.add(entry))).toEqual([]);
});

test('a number that was left out is found, though every entry counts as if it had not been', () => {
  const check = new RunCheck();
  check.add(begun(1, runOf(1), 1, [1]));
  expect(check.add(begun(2, runOf(3), 2, [1, 3]))).toEqual(['run 3 begins, run 2 would be next']);
});

test('a run is closed as what it has begun, once', () => {
  const check = new RunCheck();
  check.add(begun(1, runOf(1), 1, [1]));
  expect(check.add(closed(2, runOf(1, { drill: 'search-loss' }), 1, []))).toEqual([
    'run 1 is closed as another than it has begun',
  ]);
  expect(check.add(closed(3, runOf(1), 1, []))).toEqual(['run 1 is closed, but it is not open']);
});
