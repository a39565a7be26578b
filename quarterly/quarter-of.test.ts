import { describe, expect, test } from 'vitest';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import { abortedRun, facts, figures, finding, inputsOf, openRun, planned, redFacts, run } from './quarter.test-data.ts';
import { quarterOf } from './quarter-of.ts';
import type { QuarterlyReport, Weakness } from './report.ts';

const greens = (): PeriodRun[] => [
  run(2, '2026-01-05T02:00Z'),
  run(3, '2026-02-05T02:00Z'),
  run(4, '2026-03-05T02:00Z'),
];
const fail = { verdict: 'fail' } as const;

const named = (report: QuarterlyReport, name: string): Weakness | undefined =>
  report.weaknesses.find((weakness) => weakness.name === name);

describe('weaknesses', () => {
  test('a quarter without a run shows nothing', () => {
    const report = quarterOf(inputsOf([]));
    expect(report).toMatchObject({ name: '2026-Q1', verdict: 'fail', runs: [], plan: { planned: 3, performed: 0 } });
    expect(named(report, 'no-runs')?.verdict).toBe('fail');
    expect(report.matrix.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
  });

  test('a quarter with only green runs is not complete, although everything was held', () => {
    const report = quarterOf(inputsOf(greens()));
    expect(report).toMatchObject({ verdict: 'inconclusive', plan: { planned: 3, performed: 3 } });
    expect(report.weaknesses).toMatchObject([{ name: 'only-green', verdict: 'inconclusive' }]);
    expect(named(report, 'only-green')?.text).toContain('24 of 24 negative controls were caught');
  });

  test('a failure that nothing has answered counts against it; one with a green retest is told and settled', () => {
    const last = run(5, '2026-03-06T02:00Z', fail);
    const report = quarterOf(inputsOf([...greens(), last], { facts: { 5: redFacts() } }));
    expect(report.verdict).toBe('fail');
    expect(named(report, 'failed-runs')?.text).toContain('run 5');
    expect(report.runs.at(-1)).toMatchObject({ number: 5, outcome: 'failed', why: 'red: integrity.rows' });

    const early = run(1, '2026-01-02T02:00Z', fail);
    const before = { setting: { ...facts().setting, gitRevision: 'b'.repeat(40) } };
    const settled = quarterOf(inputsOf([early, ...greens()], { facts: { 1: redFacts('integrity.rows', before) } }));
    expect(settled).toMatchObject({ verdict: 'pass', weaknesses: [{ name: 'failed-runs', verdict: 'pass' }] });
  });

  test('aborted and open runs are named, whether the drill was held again or not', () => {
    const report = quarterOf(
      inputsOf([abortedRun(1, '2026-01-03T02:00Z'), ...greens(), openRun(5, '2026-03-30T02:00Z')]),
    );
    expect(named(report, 'aborted-runs')).toMatchObject({ verdict: 'pass', text: expect.stringContaining('run 1') });
    expect(named(report, 'open-runs')).toMatchObject({
      verdict: 'inconclusive',
      text: expect.stringContaining('run 5'),
    });
    expect(report.runs[0]).toMatchObject({ number: 1, outcome: 'aborted', why: expect.stringContaining('process 77') });
  });

  test('a gap in the plan is named', () => {
    const report = quarterOf(inputsOf(greens().slice(1)));
    expect(named(report, 'gaps')?.text).toBe('1 of 3 planned drills were not held: db-loss.');
  });

  test('an overdue finding is named with its day and its owner, a finding closed by hand is disputed', () => {
    const handmade = finding({
      id: 'F-0002',
      state: 'closed',
      retest: { run: 4, runId: 'x', at: '2026-03-05T02:00:00.000Z' },
      drill: 'other',
    });
    const register = { schemaVersion: 1 as const, findings: [finding(), handmade] };
    const report = quarterOf(inputsOf(greens(), { register }));
    expect(named(report, 'overdue')?.text).toContain('F-0001 (integrity.rows, due 2026-02-04, Operations)');
    expect(named(report, 'disputed')?.text).toContain('F-0002');
    expect(report.verdict).toBe('fail');
  });

  test('objectives missed, controls not caught, leaks, and green runs without controls or a scan are named', () => {
    const poor = figures({ rtoMs: 7_200_001, controls: { planned: 8, caught: 7 } });
    const bare = run(3, '2026-02-05T02:00Z', { figures: figures({ controls: { planned: 0, caught: 0 } }) });
    const { masking, ...withoutScan } = facts();
    const leaks = [{ detector: 'email', place: 'a.b.c', count: 2 }];
    const poorFacts = facts({ missedControls: ['row-missing'], masking: { ...masking!, leaks } });
    const names = ['objectives', 'controls', 'leaks'];

    const last = run(4, '2026-03-05T02:00Z', { ...fail, figures: poor });
    const report = quarterOf(inputsOf([greens()[0]!, bare, last], { facts: { 3: withoutScan, 4: poorFacts } }));
    expect(names.map((name) => named(report, name)?.verdict)).toEqual(['fail', 'fail', 'fail']);
    expect(named(report, 'objectives')?.text).toBe('Missed: RTO of db-loss.');
    expect(named(report, 'controls')?.text).toContain('run 4 (row-missing)');
    expect(named(report, 'leaks')?.text).toContain('run 4');
    expect(named(report, 'no-controls')?.text).toContain('run 3');
    expect(named(report, 'masking')?.text).toContain('run 3');
    expect(report.matrix.find(({ controls }) => controls.startsWith('PCI'))?.verdict).toBe('fail');

    const first = run(1, '2026-01-02T02:00Z', { ...fail, figures: poor });
    const settled = quarterOf(inputsOf([first, ...greens()], { facts: { 1: poorFacts } }));
    expect(names.map((name) => named(settled, name)?.verdict)).toEqual(['pass', 'pass', 'pass']);
    expect(settled.matrix.map(({ verdict }) => verdict)).not.toContain('fail');
  });

  test('a ledger that does not verify, and records that could not be used, come first and are named', () => {
    const verification = {
      problems: [{ where: 'ledger.jsonl, line 4', what: 'changed' }],
      checked: [],
      notChecked: [],
    };
    const missingRecords = [{ run: 3, folder: '../runs/3', why: 'there is no drill.json in its folder' }];
    const report = quarterOf(inputsOf(greens(), { ledger: { verification }, missingRecords, facts: { 3: undefined } }));
    expect(report.weaknesses[0]).toMatchObject({ name: 'ledger', verdict: 'fail' });
    expect(report.ledger).toMatchObject({ verifies: false, problems: ['ledger.jsonl, line 4: changed'] });
    expect(named(report, 'records')?.text).toContain('run 3');
    expect(report.masking.notMeasured).toEqual([3]);
  });
});

describe('facts', () => {
  test('runs outside the period are not listed, and every run in it is, with its number', () => {
    const outside = [run(1, '2025-12-31T23:59:59.999Z'), run(5, '2026-04-01T00:00Z')];
    const report = quarterOf(inputsOf([outside[0]!, ...greens(), outside[1]!]));
    expect(report.runs.map(({ number }) => number)).toEqual([2, 3, 4]);
  });

  test('days since the last good restore count to the end of the period; what survived or failed is none', () => {
    const survived = facts({ recoveryPoints: [{ store: 'objects', source: 'survived', detail: '' }] });
    const runs = [run(1, '2025-12-01T02:00Z'), run(2, '2026-03-02T02:00Z'), run(3, '2026-03-30T02:00Z', fail)];
    const { restores, coverage } = quarterOf(inputsOf(runs, { facts: { 2: survived } }));
    expect(restores).toMatchObject([
      { store: 'postgres', inPeriod: false, last: { run: 1, daysAgo: 120, source: 'backup' } },
      { store: 'objects', inPeriod: false, last: { run: 1 } },
      { store: 'search', inPeriod: false, last: { run: 1, source: 'rebuilt' } },
    ]);
    expect(coverage[0]?.cells.map(({ state }) => state)).toEqual(['earlier', 'survived', 'earlier']);
  });

  test('coverage tells what was never drilled, only failed, not recorded, and proved under another runbook', () => {
    const programme = [planned(), planned({ scenario: 'other', drill: 'other' })];
    const cells = (runs: PeriodRun[], changes: Parameters<typeof inputsOf>[1] = {}) =>
      quarterOf(inputsOf(runs, { programme, ...changes })).coverage.map((line) => line.cells[0]);
    expect(cells(greens())).toMatchObject([{ state: 'restored', run: 4, source: 'backup' }, { state: 'none' }]);
    expect(cells([run(2, '2026-01-05T02:00Z', fail)])).toMatchObject([{ state: 'failed', run: 2 }, {}]);
    expect(cells(greens(), { facts: { 2: undefined, 3: undefined, 4: undefined } })[0]).toMatchObject({
      state: 'unknown',
    });
    expect(cells(greens(), { programme: [planned({ runbookSha256: 'a'.repeat(64) })] })[0]).toMatchObject({
      stale: true,
    });
  });

  test('trends have a median and the worst of each month, against the objective, without sabotaged runs', () => {
    const rto = (rtoMs: number, changes = {}) => ({ figures: figures({ rtoMs, ...changes }) });
    const lost = { rpo: [{ store: 'postgres', targetMs: 1_800_000, verdict: 'fail' as const }] };
    const runs = [
      run(1, '2026-01-05T02:00Z', rto(10_000)),
      run(2, '2026-01-06T02:00Z', rto(20_000)),
      run(3, '2026-01-07T02:00Z', rto(900_000, { sabotage: 'slow' })),
      run(4, '2026-03-05T02:00Z', { ...fail, ...rto(30_000, lost) }),
    ];
    const report = quarterOf(inputsOf(runs));
    expect(report.rto).toEqual([
      {
        drill: 'db-loss',
        targetMs: 7_200_000,
        months: [
          { month: '2026-01', runs: 2, medianMs: 15_000, worstMs: 20_000, missed: 0 },
          { month: '2026-03', runs: 1, medianMs: 30_000, worstMs: 30_000, missed: 0 },
        ],
        missedLast: false,
        change: 2,
      },
    ]);
    expect(report.rpo).toMatchObject([
      { store: 'postgres', months: [{ missed: 0 }, { month: '2026-03', runs: 1, missed: 1 }] },
    ]);
    expect(report.rpo[0]?.months[1]).not.toHaveProperty('medianMs');
  });

  test('changes of runbooks and objectives are found by digest, the last before the period included', () => {
    const runbook = (letter: string, version: string) => ({
      runbook: { name: 'parcels', version, sha256: letter.repeat(64) },
    });
    const runs = [
      run(1, '2025-12-05T02:00Z', {}, runbook('a', '1.0')),
      run(2, '2026-01-05T02:00Z', {}, runbook('b', '1.1')),
      run(3, '2026-02-05T02:00Z', { figures: figures({ criteriaSha256: 'f'.repeat(64) }) }, runbook('b', '1.1')),
    ];
    const programme = [planned({ runbookSha256: '9'.repeat(64) })];
    const report = quarterOf(inputsOf(runs, { programme }));
    expect(report.changes).toMatchObject([
      {
        what: 'runbook',
        before: 'a'.repeat(64),
        after: 'b'.repeat(64),
        versions: { before: '1.0', after: '1.1' },
        run: 2,
      },
      { what: 'objectives', name: 'parcels, db-loss', after: 'f'.repeat(64), run: 3 },
      { what: 'runbook', after: '9'.repeat(64) },
    ]);
    expect(named(report, 'undrilled')?.text).toContain('parcels');
    expect(quarterOf(inputsOf(greens())).changes).toEqual([]);
  });

  test('red and then green on the same revision is flaky; on another one, or sabotaged, it is not', () => {
    const red = run(1, '2026-01-05T02:00Z', fail);
    const green = run(2, '2026-01-06T02:00Z');
    const report = quarterOf(inputsOf([red, green]));
    expect(report.flaky).toEqual([{ drill: 'db-loss', gitRevision: 'a'.repeat(40), red: 1, green: 2 }]);
    expect(named(report, 'failed-runs')).toBeUndefined();
    expect(named(report, 'flaky')).toMatchObject({
      verdict: 'inconclusive',
      text: expect.stringContaining('run 1 red, run 2 green'),
    });
    const mended = facts({ setting: { ...facts().setting, gitRevision: 'b'.repeat(40) } });
    const sabotaged = run(1, '2026-01-05T02:00Z', { ...fail, figures: figures({ sabotage: 'slow' }) });
    for (const other of [inputsOf([red, green], { facts: { 2: mended } }), inputsOf([sabotaged, green])]) {
      expect(quarterOf(other).flaky).toEqual([]);
      expect(named(quarterOf(other), 'flaky')).toBeUndefined();
    }
  });

  test('the matrix says what is shown, what is not, and what no machine can show', () => {
    const { matrix } = quarterOf(inputsOf(greens()));
    expect(matrix.length).toBeGreaterThan(10);
    expect(matrix.every(({ notByMachine }) => notByMachine.length > 0)).toBe(true);
    expect(new Set(matrix.map(({ verdict }) => verdict))).toEqual(new Set(['pass']));
    const half = quarterOf(inputsOf(greens().slice(1))).matrix;
    expect(half.find(({ controls }) => controls === 'CIS 11.5')?.verdict).toBe('pass');
    expect(half.find(({ controls }) => controls.startsWith('DORA'))).toMatchObject({
      verdict: 'inconclusive',
      evidence: expect.stringContaining('2 of 3 planned drills held'),
    });
  });

  test('heads, keys, retention and sign-off come from the ledger, the records and the runbooks', () => {
    const report = quarterOf(inputsOf(greens(), { retentionYears: 10 }));
    expect(report.ledger).toMatchObject({
      headAtStart: { index: 1 },
      headAtEnd: { index: 9 },
      keys: [{ keyId: 'd'.repeat(64) }],
    });
    expect(report).toMatchObject({
      retainUntil: '2036-04-10',
      retention: { years: 10, earliestRecordUntil: '2033-03-02' },
    });
    expect(report.signOff).toEqual(['Prepared by', 'Reviewed by', 'Accepted by the Platform owner']);
  });
});
