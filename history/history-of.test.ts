import { describe, expect, test } from 'vitest';
import { abortedRun, figures, openRun, run } from '../quarterly/quarter.test-data.ts';
import { frontOf } from './front.ts';
import { historyOf } from './history-of.ts';
import { everyKind, inputsOf, proof, schemaSha256 } from './history.test-data.ts';
import type { HistoryInputs } from './inputs.ts';

const search = { drill: 'search-loss', scenario: 'search-loss' };

/** Both drills green this month, each with its record. */
function allGreen(changes: Partial<HistoryInputs> = {}): HistoryInputs {
  const runs = [run(1, '2026-04-01T02:00Z'), run(2, '2026-04-02T02:00Z', {}, search)];
  const proofs = new Map([
    [1, proof()],
    [2, proof()],
  ]);
  return inputsOf(runs, { proofs, ...changes });
}

describe('the page says first', () => {
  test('that all is well when every drill was green on what is there now and nothing is due', () => {
    const front = frontOf(historyOf(allGreen()));
    expect(front).toMatchObject({
      verdict: 'pass',
      answers: [{ answer: '2 of 2 scenarios' }, { answer: '9 days' }, {}, {}],
    });
    expect(front.answers[2]).toMatchObject({ answer: 'Nothing', detail: 'Next: db-loss on 2026-05-01.' });
  });

  test.for<[string, HistoryInputs, 'fail' | 'inconclusive' | 'not-applicable', string]>([
    ['a last run that failed', withRun(run(3, '2026-04-03T02:00Z', { verdict: 'fail' })), 'fail', 'Failed: db-loss'],
    [
      'a last run without an end',
      withRun(openRun(3, '2026-04-10T02:00Z')),
      'inconclusive',
      '1 of them without a result',
    ],
    ['a ledger that was changed', allGreen({ problems: ['line 2: x'] }), 'fail', 'The ledger is wrong'],
    ['no run', inputsOf([]), 'not-applicable', 'The ledger is empty'],
    ['a drill that is due', allGreen({ now: new Date('2026-05-02') }), 'inconclusive', 'Stale: db-loss, search-loss'],
    [
      'a missing record',
      allGreen({ missing: [{ run: 1, folder: 'x', why: 'gone' }] }),
      'inconclusive',
      '1 missing 2 runs',
    ],
  ])('%s', ([, inputs, verdict, words]) => {
    const front = frontOf(historyOf(inputs));
    expect(front.verdict).toBe(verdict);
    expect(front.answers.map(({ answer, detail }) => `${answer} ${detail}`).join(' ')).toContain(words);
  });

  test('that a drill fails as long as no later run has judged it: an aborted one does not hide it', () => {
    const inputs = withRun(run(3, '2026-04-03T02:00Z', { verdict: 'fail' }));
    const history = historyOf({ ...inputs, runs: [...inputs.runs, abortedRun(4, '2026-04-04T02:00Z')] });
    expect(frontOf(history).verdict).toBe('fail');
    expect(history.states[0]).toMatchObject({ judged: { number: 3 }, last: { number: 4, outcome: 'aborted' } });
  });

  test('not that a sabotaged run failed: it was meant to', () => {
    const sabotaged = run(3, '2026-04-03T02:00Z', { verdict: 'fail', figures: figures({ sabotage: 'row-missing' }) });
    expect(frontOf(historyOf(withRun(sabotaged))).verdict).toBe('pass');
  });
});

function withRun(more: HistoryInputs['runs'][number]): HistoryInputs {
  const inputs = allGreen();
  return { ...inputs, runs: [...inputs.runs, more] };
}

describe('coverage', () => {
  const cellsWith = (changes: Partial<HistoryInputs>) => historyOf(allGreen(changes)).coverage[0]!.cells;
  const proofs = (changes: Parameters<typeof proof>[0]) =>
    new Map([
      [1, proof(changes)],
      [2, proof()],
    ]);
  const container = (image: string) => ({ postgres: { implementation: `image ${image}`, version: '15.18', image } });

  test('a store that was brought back is proved, one that was not hit is not', () => {
    expect(cellsWith({})).toMatchObject([
      { store: 'postgres', state: 'proved', source: 'backup', run: 1, daysAgo: 9, changed: [] },
      { store: 'objects', state: 'untouched' },
      { store: 'search', state: 'proved', source: 'rebuilt' },
    ]);
  });

  test.for<[string, Partial<HistoryInputs>, string]>([
    ['the schema', { proofs: proofs({ schemaSha256: 'f'.repeat(64) }) }, 'the schema has changed'],
    ['an image', { proofs: proofs({ versions: container('postgres:14.0') }) }, 'the image is now postgres:15.18'],
    [
      'a local version',
      { proofs: proofs({ versions: { postgres: { implementation: 'local binary', version: '0.9' } } }) },
      'runs now on local binary 1.0',
    ],
    ['the time', { now: new Date('2026-05-02') }, 'due again since 2026-05-01'],
  ])('%s that has changed makes it stale', ([, changes, words]) => {
    expect(cellsWith(changes)[0]).toMatchObject({ state: 'proved', changed: [words] });
  });

  test('a runbook that has changed makes it stale', () => {
    const [runbook] = allGreen().runbooks;
    const runbooks = [{ ...runbook!, sha256: 'd'.repeat(64) }];
    expect(cellsWith({ runbooks })[0]?.changed).toEqual(['the runbook has changed']);
  });

  test('the same image and version do not', () => {
    const image = 'postgres:15.18@sha256:1';
    expect(cellsWith({ proofs: proofs({ versions: container(image) }) })[0]?.changed).toEqual([]);
  });

  test('a run that failed since is told, and so is a record that cannot be used', () => {
    const failed = historyOf(withRun(run(3, '2026-04-03T02:00Z', { verdict: 'fail' })));
    expect(failed.coverage[0]?.cells[0]).toMatchObject({ state: 'proved', run: 1, failedSince: 3 });
    expect(cellsWith({ proofs: new Map() })[0]).toMatchObject({ state: 'unknown', run: 1 });
    expect(historyOf(inputsOf([])).coverage[0]?.cells[0]).toEqual({ store: 'postgres', state: 'none', changed: [] });
  });
});

describe('the calendar', () => {
  const history = historyOf(everyKind());

  test('has whole weeks, the newest first, and no more than thirteen', () => {
    expect(history.weeks).toHaveLength(13);
    expect(history.weeks.every((days) => days.length === 7)).toBe(true);
    expect(history.weeks[0]?.map(({ day, isOutside }) => [day, isOutside])).toEqual([
      ...['06', '07', '08', '09', '10'].map((day) => [`2026-04-${day}`, false]),
      ...['11', '12'].map((day) => [`2026-04-${day}`, true]),
    ]);
  });

  test('shows every verdict of a day, and names what is not green; a sabotage is counted apart', () => {
    const days = history.weeks.flat();
    expect(days.find(({ day }) => day === '2026-02-07')).toMatchObject({
      marks: [{ verdict: 'inconclusive', drills: 'db-loss' }],
      sabotaged: 1,
      quick: 0,
    });
    expect(days.find(({ day }) => day === '2026-03-28')?.marks).toEqual([
      { verdict: 'fail', word: 'fail', drills: 'search-loss' },
    ]);
    expect(days.find(({ day }) => day === '2026-03-07')?.marks).toEqual([{ verdict: 'pass', word: '1 pass' }]);
  });

  test('begins with the week in which the ledger began', () => {
    expect(historyOf(allGreen({ beganAt: '2026-03-31T00:00:00.000Z' })).weeks.map(([first]) => first?.day)).toEqual([
      '2026-04-06',
      '2026-03-30',
    ]);
  });

  test('counts every month, those without a run too', () => {
    const runs = [run(1, '2026-01-05T02:00Z'), run(2, '2026-03-05T02:00Z', { verdict: 'fail' })];
    expect(historyOf(inputsOf(runs)).months).toEqual([
      { month: '2026-03', runs: 1, pass: 0, fail: 1, inconclusive: 0, sabotaged: 0, quick: 0 },
      { month: '2026-02', runs: 0, pass: 0, fail: 0, inconclusive: 0, sabotaged: 0, quick: 0 },
      { month: '2026-01', runs: 1, pass: 1, fail: 0, inconclusive: 0, sabotaged: 0, quick: 0 },
    ]);
  });
});

describe('trends', () => {
  test('a measurement is a part of the objective of its own run; what was missed is counted', () => {
    const { trends } = historyOf(everyKind());
    const rto = trends[0]?.series[0];
    expect(trends.map(({ drill, each }) => [drill, each])).toEqual([
      ['db-loss', 'run'],
      ['search-loss', 'run'],
    ]);
    expect(rto).toMatchObject({ name: 'RTO', runs: 5, worstMs: 9_000_000, medianMs: 15_000, missed: 1, unmeasured: 0 });
    expect(rto?.points[1]).toEqual({ at: '2026-01-20T02:00:00.000Z', runs: 1, share: 1.25, missed: 1 });
    expect(trends[0]?.series[1]).toMatchObject({ name: 'RPO postgres', runs: 5, missed: 1, unmeasured: 1 });
  });

  test('of many runs a point is the median of a week, of very many that of a month', () => {
    const nightly = (count: number) =>
      Array.from({ length: count }, (_, day) => run(day + 1, new Date(Date.UTC(2025, 0, 6 + day)).toISOString()));
    const trendOf = (count: number) => historyOf(inputsOf(nightly(count))).trends[0];
    expect(trendOf(40)).toMatchObject({ each: 'run' });
    expect(trendOf(70)).toMatchObject({ each: 'week', series: [{ points: { length: 10 } }, {}] });
    expect(trendOf(365)).toMatchObject({ each: 'month', series: [{ points: { length: 13 } }, {}] });
    expect(trendOf(70)?.series[0]?.points[0]).toMatchObject({ at: '2025-01-06T00:00:00.000Z', runs: 7 });
  });
});

test('a run whose clock was ahead of this one is of today', () => {
  const history = historyOf(allGreen({ now: new Date('2026-03-30') }));
  expect(history.states[0]?.lastGreen?.daysAgo).toBe(0);
  expect(history.coverage[0]?.cells[0]?.daysAgo).toBe(0);
});

test('what is due comes from the plan: a changed schema, a run that was not green, the calendar', () => {
  const after = [
    {
      ...inputsOf([]).runbooks[0]!,
      cadence: { frequency: 'monthly' as const, exercises: [{ kind: 'after-change' as const }] },
    },
  ];
  const changed = historyOf(allGreen({ runbooks: after.map((one) => ({ ...one, schemaSha256: 'f'.repeat(64) })) }));
  expect(changed.states[0]?.reasons).toEqual(['the schema is not the one of its last green run db-loss-1']);
  expect(historyOf(allGreen({ runbooks: after })).states[0]?.reasons).toEqual([]);
  expect(schemaSha256).not.toBe('f'.repeat(64));
  expect(historyOf(everyKind()).states[1]?.reasons).toContain('its last run db-loss-9 was not green: fail');
});

test('runs without a result are told, newest first, each with its reason', () => {
  expect(historyOf(everyKind()).withoutResult.map(({ number, outcome }) => [number, outcome])).toEqual([
    [10, 'open'],
    [8, 'interrupted'],
    [4, 'aborted'],
  ]);
  expect(historyOf(everyKind()).withoutResult.every(({ why }) => why !== '')).toBe(true);
});

describe('the first page', () => {
  const first = () => [run(1, '2026-04-09T02:00Z')];

  test('after one green run it says what was not begun, and calls nothing inconclusive', () => {
    const front = frontOf(historyOf(inputsOf(first(), { proofs: new Map([[1, proof()]]) })));
    expect(front).toMatchObject({ word: 'NOT ALL BEGUN', verdict: 'not-applicable' });
    expect(front.headline).toBe('1 scenario of 2 was drilled, and recovered; 1 was not begun.');
  });

  test('without a run it is not begun; a failed run is a failure, whatever was not begun', () => {
    expect(frontOf(historyOf(inputsOf([])))).toMatchObject({ word: 'NOT BEGUN', verdict: 'not-applicable' });
    expect(frontOf(historyOf(inputsOf([run(1, '2026-04-09T02:00Z', { verdict: 'fail' })]))).word).toBe('FAIL');
  });

  test('what was brought back on a built-in stand-in is named, and is no proof of the product', () => {
    const standIn = {
      implementation: 'built-in stand-in for Meilisearch',
      version: '0.1.0',
      standsInFor: 'Meilisearch',
    };
    const versions = { ...proof().versions, search: standIn };
    const history = historyOf(inputsOf(first(), { proofs: new Map([[1, proof({ versions })]]) }));
    const age = frontOf(history).answers.find(({ question }) => question.startsWith('How old'));
    expect(age).toMatchObject({ verdict: 'inconclusive', detail: expect.stringContaining('search (for Meilisearch)') });
    expect(history.coverage[0]?.cells.find(({ store }) => store === 'search')).toMatchObject({
      standIn: 'Meilisearch',
    });
  });
});
