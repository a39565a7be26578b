import { expect, test } from 'vitest';
import { emptyRegister, type FindingRegister } from './findings.ts';
import type { RecordFacts } from './inputs.ts';
import { abortedRun, facts, figures, finding, openRun, planned, redFacts, run } from './quarter.test-data.ts';
import { updateFindings } from './update-findings.ts';

const red = { verdict: 'fail' } as const;
const known = (records: Record<number, RecordFacts> = {}) => ({
  records: new Map(Object.entries(records).map(([number, own]) => [Number(number), own])),
  programme: [planned()],
});
const states = ({ findings }: FindingRegister) =>
  findings.map(({ id, check, state, retest }) => [id, check, state, retest?.run]);

test('each red check of a failed run opens a finding, with the owner of the runbook and 30 days', () => {
  const two = facts({
    red: ['integrity.rows', 'smoke.latency'].map((check) => ({ check, expected: 'a', actual: 'b' })),
  });
  const { register, opened } = updateFindings(emptyRegister(), [run(3, '2026-01-05T02:00Z', red)], known({ 3: two }));
  expect(opened).toEqual(['F-0001', 'F-0002']);
  expect(register.findings[0]).toEqual({
    ...finding({ what: 'expected a, actual b' }),
    opened: { run: 3, runId: 'db-loss-3', at: '2026-01-05T02:00:00.000Z' },
  });
});

test('only a later green run of the same drill, by the same way from the same fault, closes it', () => {
  const register: FindingRegister = {
    schemaVersion: 1,
    findings: [finding({ opened: { ...finding().opened, run: 3 } })],
  };
  const closedBy = (...runs: Parameters<typeof updateFindings>[1]) =>
    updateFindings(register, runs, known({ 8: facts({ chosenFault: 'flood' }), 9: facts({ from: 'reindex' }) })).closed;
  const at = '2026-02-05T02:00Z';
  expect(closedBy(run(2, at))).toEqual([]);
  expect(closedBy(run(4, at, {}, { drill: 'search-loss' }))).toEqual([]);
  expect(closedBy(run(4, at, red))).toEqual([]);
  expect(closedBy(run(4, at, { verdict: 'inconclusive' }))).toEqual([]);
  expect(closedBy(run(4, at, { figures: figures({ sabotage: 'row-missing' }) }))).toEqual([]);
  expect(closedBy(abortedRun(4, at), openRun(5, at))).toEqual([]);
  expect(closedBy(run(8, at))).toEqual([]);
  expect(closedBy(run(9, at))).toEqual([]);
  expect(closedBy(run(4, at))).toEqual(['F-0001']);
});

test('a check that is red again opens nothing while its finding is open, and a new one after it was closed', () => {
  const runs = [
    run(1, '2026-01-01T02:00Z', red),
    run(2, '2026-01-02T02:00Z', red),
    run(3, '2026-01-03T02:00Z'),
    run(4, '2026-01-04T02:00Z', red),
  ];
  const records = known({ 1: redFacts(), 2: redFacts(), 3: facts(), 4: redFacts() });
  const { register } = updateFindings(emptyRegister(), runs, records);
  expect(states(register)).toEqual([
    ['F-0001', 'integrity.rows', 'closed', 3],
    ['F-0002', 'integrity.rows', 'open', undefined],
  ]);
  const again = updateFindings(register, runs.toReversed(), records);
  expect(again).toEqual({ register, opened: [], closed: [] });
});

test('a failed run without a record opens one all the same; sabotaged and aborted runs open none', () => {
  const runs = [
    run(1, '2026-01-01T02:00Z', { ...red, figures: figures({ sabotage: 'row-missing' }) }),
    abortedRun(2, '2026-01-02T02:00Z'),
    run(3, '2026-01-03T02:00Z', { state: 'failed', verdict: 'inconclusive', reason: 'the disk is full' }),
  ];
  const { register } = updateFindings(emptyRegister(), runs, { records: new Map(), programme: [] });
  expect(states(register)).toEqual([['F-0001', 'run', 'open', undefined]]);
  expect(register.findings[0]).toMatchObject({
    owner: 'nobody yet',
    what: 'expected a run that passes, actual the disk is full',
  });
});
