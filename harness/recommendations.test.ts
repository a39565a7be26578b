import { describe, expect, test } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { recommendationsOf } from './recommendations.ts';

/** A green record with nothing to recommend, changed where a test wants it. */
function record(changes: Partial<DrillRecord> = {}): DrillRecord {
  return { ...sampleRecord('passing'), rpo: [], steps: [], errors: [], findings: [], controls: [], ...changes };
}

describe('recommendations', () => {
  test('none where nothing is to do', () => {
    expect(recommendationsOf(record())).toEqual([]);
  });

  test('of red findings: their own, or to look into them; each once', () => {
    const red = { check: 'a.b', verdict: 'fail' as const, expected: '1', actual: '2' };
    const findings = [{ ...red, recommendation: 'Mend it.' }, { ...red, recommendation: 'Mend it.' }, red];
    expect(recommendationsOf(record({ findings }))).toEqual(['Mend it.', 'Look into `a.b`: 2.']);
  });

  test('of a schedule that alone allows more loss than the objective does', () => {
    const store = {
      store: 'postgres' as const,
      acknowledged: 1,
      lostWrites: 0,
      verdict: 'pass' as const,
      path: 'POST /x',
    };
    const rpo = [
      { ...store, targetMs: 1_800_000, scheduleAllowsMs: 86_400_000 },
      { ...store, targetMs: 1_800_000, scheduleAllowsMs: 900_000 },
    ];
    expect(recommendationsOf(record({ rpo }))).toEqual([
      'Back up postgres more often, or archive continuously: the schedule alone allows 1 day of writes to be lost, the objective is 30 minutes.',
    ]);
  });

  test('of a control that was not caught, of an error, of a step over its budget, of a departure from the runbook', () => {
    const recommended = recommendationsOf(
      record({
        controls: [
          { name: 'x', title: 'X', expectedCheck: 'c', expectedVerdict: 'fail', caught: false, detail: 'green' },
        ],
        errors: [{ phase: 'restore', code: 'restore-failed', message: 'no space\nmore' }],
        steps: [
          {
            id: 'a',
            title: 'Restore',
            status: 'executed',
            budgetMs: 60_000,
            actualMs: 120_000,
            deviation: 'it cannot.',
          },
        ],
      }),
    );
    expect(recommended).toEqual([
      'Find out why restore failed: no space',
      'Mend the drill: it did not catch `x` by `c`.',
      '“Restore” took 2 minutes, budget 1 minute.',
      'Edit the runbook, “Restore”: it cannot.',
    ]);
  });
});
