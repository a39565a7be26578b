import { expect, test } from 'vitest';
import { disputedFindings, findingsAt } from './finding-states.ts';
import { facts, finding, run } from './quarter.test-data.ts';

const period = { from: new Date('2026-01-01'), to: new Date('2026-04-01') };
const retest = (at: string) => ({ state: 'closed' as const, retest: { run: 4, runId: 'db-loss-4', at } });
const at = (changes: Parameters<typeof finding>[0], asOf = period.to) =>
  findingsAt({ schemaVersion: 1, findings: [finding(changes)] }, period, asOf).map(({ state }) => state);

test('a finding is overdue from the day after it was due', () => {
  expect(at({ due: '2026-03-31' })).toEqual(['overdue']);
  expect(at({ due: '2026-04-01' })).toEqual(['open']);
  expect(at({ due: '2026-02-04' }, new Date('2026-02-04T23:00:00.000Z'))).toEqual(['open']);
});

test('what was closed in the period is closed, what was closed after it was open, what was closed before it is no matter', () => {
  expect(at(retest('2026-02-01T02:00:00.000Z'))).toEqual(['closed']);
  const later = findingsAt(
    { schemaVersion: 1, findings: [finding(retest('2026-04-02T02:00:00.000Z'))] },
    period,
    period.to,
  );
  expect(later).toMatchObject([{ state: 'overdue', retest: 4, closedSince: true, isNew: true }]);
  const opened = { run: 1, runId: 'x', at: '2025-12-01T02:00:00.000Z' };
  expect(at({ ...retest('2025-12-31T02:00:00.000Z'), opened })).toEqual([]);
  expect(at({ opened: { ...opened, at: '2026-04-01T00:00:00.000Z' } })).toEqual([]);
});

test('a finding that was closed by hand is found: its retest is no green run of the same drill', () => {
  const register = { schemaVersion: 1 as const, findings: [finding(retest('2026-02-01T02:00:00.000Z'))] };
  const disputed = (end: Parameters<typeof run>[2], drill = 'db-loss') =>
    disputedFindings(register, [run(4, '2026-02-01T02:00Z', end, { drill })], new Map([[4, facts()]]));
  expect(disputed({})).toEqual([]);
  expect(disputed({ verdict: 'fail' })).toEqual(['F-0001']);
  expect(disputed({}, 'search-loss')).toEqual(['F-0001']);
  expect(disputedFindings(register, [run(5, '2026-02-02T02:00Z')], new Map())).toEqual(['F-0001']);
});
