import { expect, test } from 'vitest';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import { planOf } from './plan.ts';
import { abortedRun, figures, inputsOf, openRun, planned, run } from './quarter.test-data.ts';

type Changes = Parameters<typeof inputsOf>[1];

const gapsOf = (runs: PeriodRun[], changes: Changes = {}) => planOf(inputsOf(runs, changes)).lines[0]?.gaps;

test('a month without a run that judged is a gap, and what is known of it explains it', () => {
  const held = [run(1, '2025-12-30T02:00Z'), run(2, '2026-01-05T02:00Z', { verdict: 'fail' })];
  const plan = planOf(inputsOf([...held, abortedRun(3, '2026-02-05T02:00Z')]));
  expect(plan).toMatchObject({ planned: 3, performed: 1, lines: [{ runs: [2] }] });
  expect(plan.lines[0]?.gaps).toEqual([
    {
      from: '2026-02-01',
      to: '2026-02-28',
      drills: 1,
      why: 'run 3 was aborted (process 77 on host ended without closing the run)',
    },
    {
      from: '2026-03-01',
      to: '2026-03-31',
      drills: 1,
      why: 'no run was begun; the last before it is run 2 of 2026-01-05',
    },
  ]);
});

test.for([
  ['a run without an end', openRun(1, '2026-01-05T02:00Z'), 'run 1 has no end'],
  ['an inconclusive run', run(1, '2026-01-05T02:00Z', { verdict: 'inconclusive' }), 'run 1 proved nothing'],
  [
    'an interrupted run',
    run(1, '2026-01-05T02:00Z', { state: 'interrupted', verdict: 'inconclusive' }),
    'run 1 was interrupted',
  ],
  [
    'a sabotaged run',
    run(1, '2026-01-05T02:00Z', { verdict: 'fail', figures: figures({ sabotage: 'row-missing' }) }),
    'run 1 was played with a sabotage',
  ],
] as const)('%s does not count as held', ([, attempt, why]) => {
  const gaps = gapsOf([attempt], { programme: [planned({ frequency: 'quarterly' })] });
  expect(gaps).toEqual([{ from: '2026-01-01', to: '2026-03-31', drills: 1, why }]);
});

test('a drill that is not there, and a ledger that had not begun, are explanations too', () => {
  expect(gapsOf([], { programme: [planned({ exists: false })] })).toMatchObject([
    { drills: 3, why: 'the runbook names it, and there is no drill db-loss' },
  ]);
  expect(gapsOf([], { ledger: { beganAt: '2026-03-01T09:00:00.000Z' } })).toMatchObject([
    { from: '2026-01-01', to: '2026-02-28', drills: 2, why: 'no run is on record: the ledger had not begun' },
    {
      from: '2026-03-01',
      to: '2026-03-31',
      drills: 1,
      why: 'no run was begun, and none before it has judged the recovery',
    },
  ]);
});

test('nights one after the other with the same explanation are one gap', () => {
  const runs = [run(1, '2026-01-01T02:00Z'), run(2, '2026-01-04T02:00Z'), run(3, '2026-03-31T02:00Z')];
  const plan = planOf(inputsOf(runs, { programme: [planned({ frequency: 'nightly' })] }));
  expect(plan).toMatchObject({ planned: 90, performed: 3 });
  expect(plan.lines[0]?.gaps).toMatchObject([
    { from: '2026-01-02', to: '2026-01-03', drills: 2 },
    { from: '2026-01-05', to: '2026-03-30', drills: 85 },
  ]);
});

test('a yearly drill is planned in the quarter in which it falls due', () => {
  const programme = [planned({ frequency: 'annually' })];
  const last = (at: string) => planOf(inputsOf([run(1, at)], { programme })).lines[0];
  expect(last('2025-06-05T02:00Z')).toMatchObject({ planned: 0, gaps: [], notDue: 'due on 2026-06-05, after run 1' });
  expect(last('2025-02-05T02:00Z')).toMatchObject({ planned: 1, performed: 0 });
  expect(planOf(inputsOf([], { programme })).lines[0]).toMatchObject({ planned: 1, performed: 0 });
});

test('what is not over is not planned yet, and runs that no runbook asks for stand beside the plan', () => {
  const now = new Date('2026-02-10');
  const plan = planOf(
    inputsOf([run(1, '2026-01-05T02:00Z'), run(2, '2026-01-06T02:00Z', {}, { drill: 'old' })], { now }),
  );
  expect(plan).toMatchObject({ planned: 1, performed: 1, beside: [{ drill: 'old', runs: [2] }] });
  const quarterly = planOf(inputsOf([], { now, programme: [planned({ frequency: 'quarterly' })] }));
  expect(quarterly.lines[0]).toMatchObject({ planned: 0, notDue: expect.stringContaining('not over') });
});
