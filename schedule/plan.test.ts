import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunFact } from '../domain/nightly.ts';
import type { RunbookCadence } from '../domain/runbook.ts';
import { planNightly, toRun, type NightlyPlan, type PlanInput } from './plan.ts';
import { drills, run, runbook } from './runs.test-data.ts';

const now = new Date('2026-11-21T02:00:00Z');
const quarterly: RunbookCadence = { frequency: 'quarterly' };
const withExercises = (...exercises: NonNullable<RunbookCadence['exercises']>): RunbookCadence => ({
  frequency: 'quarterly',
  exercises,
});

/** The plan of `loss` alone among drills that were green yesterday. */
function plan(records: RunFact[], input: Partial<PlanInput> = {}): NightlyPlan {
  const others = drills
    .filter(({ name }) => name !== 'loss')
    .map(({ name }) => run('2026-11-20T02:00:00Z', { drill: name }));
  return planNightly({
    drills,
    runbooks: [runbook(quarterly)],
    records: [...others, ...records],
    now,
    dueOnly: true,
    ...input,
  });
}

const reasonsOfLoss = (of: NightlyPlan): string[] => of.entries.find(({ name }) => name === 'loss')?.reasons ?? ['?'];

describe('by the calendar', () => {
  test('a drill is due from the day on, and says since when', () => {
    expect(reasonsOfLoss(plan([run('2026-08-21T23:00:00Z')]))).toEqual([
      'quarterly: last green on 2026-08-21, due since 2026-11-21',
    ]);
  });

  test('a drill that is not due has its next date', () => {
    const entry = plan([run('2026-08-22T02:00:00Z')]).entries.find(({ name }) => name === 'loss');
    expect(entry).toMatchObject({
      reasons: [],
      lastGreenAt: '2026-08-22T02:00:00Z',
      nextDueAt: '2026-11-22T00:00:00.000Z',
    });
  });

  test.for<[string, Partial<RunFact>, string]>([
    ['failed', { verdict: 'fail' }, 'fail'],
    ['was inconclusive', { verdict: 'inconclusive' }, 'inconclusive'],
    ['was interrupted', { state: 'interrupted', verdict: 'pass' }, 'interrupted'],
    ['died', { state: 'running', verdict: 'inconclusive' }, 'it has not come to its end'],
  ])('a last run that %s is no proof: the drill is due again', ([, rest, end]) => {
    const records = [run('2026-11-19T02:00:00Z'), run('2026-11-20T02:00:00Z', rest)];
    expect(reasonsOfLoss(plan(records))).toEqual([`its last run loss-2026-11-20T02:00:00Z was not green: ${end}`]);
  });

  test('a sabotaged run is none, neither green nor red', () => {
    const red = run('2026-11-20T02:00:00Z', { verdict: 'fail', sabotage: 'x' });
    const green = run('2026-11-20T02:00:00Z', { sabotage: 'x' });
    expect(reasonsOfLoss(plan([run('2026-11-01T02:00:00Z'), red]))).toEqual([]);
    expect(reasonsOfLoss(plan([green]))).toEqual(['it was never green']);
  });

  test('a run of the future is none', () => {
    expect(reasonsOfLoss(plan([run('2027-01-01T02:00:00Z')]))).toEqual(['it was never green']);
  });

  test('an exercise of named scenarios asks for those alone', () => {
    const cadence = withExercises({ kind: 'scenarios', frequency: 'nightly', scenarios: ['fire-scenario'] });
    const made = plan([run('2020-01-01T02:00:00Z')], { runbooks: [runbook(cadence)] });
    expect(toRun(made).map(({ name }) => name)).toEqual(['fire']);
  });
});

describe('after a change', () => {
  const cadence = withExercises({ kind: 'after-change' });
  const yesterday = run('2026-11-20T02:00:00Z');

  test('nothing changed: not due', () => {
    expect(reasonsOfLoss(plan([yesterday], { runbooks: [runbook(cadence)] }))).toEqual([]);
  });

  test.for<[string, Parameters<typeof runbook>[1]]>([
    ['runbook', { sha256: 'c'.repeat(64) }],
    ['schema', { schemaSha256: 'c'.repeat(64) }],
  ])('another %s', ([what, rest]) => {
    expect(reasonsOfLoss(plan([yesterday], { runbooks: [runbook(cadence, rest)] }))).toEqual([
      `the ${what} is not the one of its last green run ${yesterday.runId}`,
    ]);
  });

  test('a record that does not name its schema proves nothing of this one', () => {
    const { schemaSha256: _, ...without } = yesterday;
    expect(reasonsOfLoss(plan([without], { runbooks: [runbook(cadence)] }))).toHaveLength(1);
  });

  test('an older green run of the same schema does not count', () => {
    const records = [run('2026-11-18T02:00:00Z'), run('2026-11-20T02:00:00Z', { schemaSha256: 'd'.repeat(64) })];
    expect(reasonsOfLoss(plan(records, { runbooks: [runbook(cadence)] }))).toHaveLength(1);
  });
});

describe('a random scenario', () => {
  const cadence = withExercises({ kind: 'random-scenario', frequency: 'monthly' });
  const lotOn = (day: string, sha256 = 'a'.repeat(64)): NightlyPlan['lots'] =>
    plan([], { now: new Date(day), runbooks: [runbook(cadence, { sha256 })] }).lots;

  test('the same all month, whatever the order of the files; its seed is written down', () => {
    const [lot] = lotOn('2026-11-01T00:00:00Z');
    expect(lotOn('2026-11-30T23:59:59Z')).toEqual([lot]);
    const reversed = runbook(cadence, {
      scenarios: Object.fromEntries(Object.entries(runbook(cadence).scenarios).toReversed()),
    });
    expect(plan([], { runbooks: [reversed], drills: drills.toReversed() }).lots).toEqual([lot]);
    // printf '2026-11-01 aaa…' | sha256sum | cut -c 1-8, as a number.
    expect(lot).toMatchObject({ period: '2026-11-01', seed: 793_062_496, drill: 'fire' });
  });

  test('months and runbooks fall on different ones', () => {
    const months = Array.from({ length: 12 }, (_, month) => lotOn(new Date(Date.UTC(2027, month, 5)).toISOString()));
    expect(new Set(months.map(([lot]) => lot?.drill)).size).toBeGreaterThan(2);
    const digests = ['0', '1', '2', '3', '4', '5', '6', '7', '8'].map((digit) => lotOn('2026-11-05', digit.repeat(64)));
    expect(new Set(digests.map(([lot]) => lot?.drill)).size).toBeGreaterThan(2);
  });

  test('due until it was green in the month', () => {
    const [lot] = lotOn('2026-11-21');
    const drill = lot?.drill ?? '';
    const at = (startedAt: string): string[] =>
      toRun(
        planNightly({
          drills,
          runbooks: [runbook(cadence)],
          records: [run(startedAt, { drill })],
          now,
          dueOnly: true,
        }),
      ).map(({ name }) => name);
    expect(at('2026-10-31T23:59:59Z')).toEqual([drill]);
    expect(at('2026-11-01T00:00:00Z')).toEqual([]);
  });

  test('nothing to draw from: no lot', () => {
    expect(plan([], { runbooks: [runbook(cadence)], drills: [] }).lots).toEqual([]);
  });
});

test('a tabletop is a reminder for its calendar period', () => {
  const cadence = withExercises({ kind: 'tabletop', frequency: 'quarterly', title: 'Talk' });
  expect(plan([], { runbooks: [runbook(cadence)] }).reminders).toEqual([
    { runbook: 'shop', title: 'Talk', from: '2026-10-01', until: '2027-01-01' },
  ]);
});

describe('gaps', () => {
  const gapOf = (made: NightlyPlan): string | undefined => made.gaps.find(({ drill }) => drill === 'loss')?.what;

  test.for<[string, RunFact[], string | undefined]>([
    ['never run', [], 'it was never run'],
    ['never green', [run('2026-11-20T02:00:00Z', { verdict: 'fail' })], 'it was never green in 1 run'],
    ['due since yesterday', [run('2026-08-20T02:00:00Z')], 'due since 2026-11-20, 1 day ago'],
    ['due since today', [run('2026-08-21T02:00:00Z')], undefined],
    ['due for weeks', [run('2026-07-21T02:00:00Z')], 'due since 2026-10-21, 31 days ago'],
  ])('%s', ([, records, expected]) => {
    expect(gapOf(plan(records))).toBe(expected);
  });

  test('a scenario without a drill, and one that nobody asks for', () => {
    expect(gapOf(plan([], { drills: drills.filter(({ name }) => name !== 'loss') }))).toBe('there is no such drill');
    const cadence = withExercises({ kind: 'scenarios', frequency: 'nightly', scenarios: ['fire-scenario'] });
    expect(gapOf(plan([], { runbooks: [runbook(cadence)] }))).toBe('no exercise asks for it by the calendar');
  });
});

describe('a night on which nothing is due', () => {
  const records = drills.map(({ name }, index) => run(`2026-11-1${index}T02:00:00Z`, { drill: name }));
  const night = (dueOnly: boolean): string[] =>
    toRun(planNightly({ drills, runbooks: [runbook(quarterly)], records, now, dueOnly })).map(({ name }) => name);

  test('renews the oldest proof', () => expect(night(false)).toEqual(['damage']));
  test('stays empty where it is to', () => expect(night(true)).toEqual([]));
});

describe('shards', () => {
  test('are a partition of the drills, whatever is known of their runs', () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 20 }), fc.integer({ min: 1, max: 6 }), (names, count) => {
        const all = names.map((drill) => ({ name: drill, runbook: 'shop', scenario: 'x' }));
        const shared = Array.from({ length: count }, (_, index) =>
          toRun(
            planNightly({
              drills: index % 2 === 0 ? all : all.toReversed(),
              runbooks: [runbook(quarterly)],
              // Each machine knows other runs, that are no proof.
              records: names.slice(index).map((drill) => run('2026-11-01T00:00:00Z', { drill, verdict: 'fail' })),
              now,
              shard: { index: index + 1, count },
            }),
          ).map(({ name }) => name),
        );
        expect(shared.flat().toSorted()).toEqual(names.toSorted());
        const sizes = shared.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a drill keeps its shard from night to night', () => {
    const shardOn = (at: string): string[] =>
      plan([], { now: new Date(at), shard: { index: 2, count: 3 } })
        .entries.filter(({ mine }) => mine)
        .map(({ name }) => name);
    expect(shardOn('2026-11-21')).toEqual(['fire', 'theft']);
    expect(shardOn('2027-03-01')).toEqual(['fire', 'theft']);
  });
});
