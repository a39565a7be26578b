import { expect, test } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { overviewOf } from './overview.ts';

const green = {
  verdict: 'pass',
  durationMs: 24_000,
  rto: { totalMs: 5_000, targetMs: 7_200_000 },
  controls: [{ caught: true }, { caught: false }],
} as DrillRecord;

test('a line a drill, and the total; one without a record is red', () => {
  const text = overviewOf(
    [
      { drill: 'db-loss', record: green },
      { drill: 'full-loss', record: { ...green, verdict: 'inconclusive', rto: undefined } as never },
      { drill: 'x', missing: 'left no record, exit code 3' },
    ],
    61_000,
    '/reports',
  );
  expect(text.split('\n')).toEqual([
    'PASS          db-loss         24s  RTO 5s of 2h              controls 1 of 2',
    'INCONCLUSIVE  full-loss       24s  not recovered             controls 1 of 2',
    'FAIL          x          left no record, exit code 3',
    '',
    '1 of 3 drills green in 1m 1s, reports in /reports',
    '',
  ]);
});
