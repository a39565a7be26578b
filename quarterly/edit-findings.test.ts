import { describe, expect, test } from 'vitest';
import { assignFinding, closeFinding } from './edit-findings.ts';
import { facts, finding, run } from './quarter.test-data.ts';

const closed = finding({
  id: 'F-0002',
  state: 'closed',
  retest: { run: 4, runId: 'db-loss-4', at: '2026-02-01T02:00:00.000Z' },
});
const register = { schemaVersion: 1 as const, findings: [finding(), closed] };

describe('assigning', () => {
  test('changes owner, day and note of that finding alone', () => {
    const { findings } = assignFinding(register, 'F-0001', { owner: 'Jane', due: '2026-03-01', note: 'new disk' });
    expect(findings).toEqual([finding({ owner: 'Jane', due: '2026-03-01', note: 'new disk' }), closed]);
  });

  test('what one has taken on another has not', () => {
    const taken = assignFinding(register, 'F-0001', { owner: 'Jane', accepted: '2026-02-01' });
    expect(taken.findings[0]).toMatchObject({ owner: 'Jane', accepted: '2026-02-01' });
    expect(assignFinding(taken, 'F-0001', { due: '2026-03-01' }).findings[0]).toHaveProperty('accepted');
    expect(assignFinding(taken, 'F-0001', { owner: 'Joe' }).findings[0]).not.toHaveProperty('accepted');
  });

  test.for([
    ['F-0002', 'it is closed'],
    ['F-0009', 'F-0001, F-0002'],
  ])('%s is refused', ([id, words]) => {
    expect(() => assignFinding(register, id!, { owner: 'Jane' })).toThrow(words);
  });
});

describe('closing', () => {
  const at = '2026-02-01T02:00:00.000Z';
  const close = (retest: Partial<Parameters<typeof closeFinding>[2]>, of = register) =>
    closeFinding(of, 'F-0001', { number: 5, run: run(5, at), facts: facts(), ...retest });

  test('by a green run of the same drill, later', () => {
    expect(close({}).findings[0]).toMatchObject({ state: 'closed', retest: { run: 5, runId: 'db-loss-5', at } });
  });

  test.for<[string, Parameters<typeof close>[0], string]>([
    ['no run', { run: undefined }, 'the ledger has no run 5'],
    ['an earlier one', { number: 1, run: run(1, at) }, 'run 1 is not later than run 1'],
    ['another drill', { run: run(5, at, {}, { drill: 'full-loss' }) }, 'run 5 is one of full-loss'],
    ['a red one', { run: run(5, at, { verdict: 'fail' }) }, 'run 5 is failed'],
    ['an interrupted one', { run: run(5, at, { state: 'interrupted' }) }, 'run 5 is interrupted'],
    ['another way', { facts: facts({ from: 'dump' }) }, 'run 5 went another way'],
    ['a record that was changed', { facts: { why: 'it was changed' } }, 'the record of run 5 cannot be used'],
  ])('%s is refused', ([, retest, words]) => {
    expect(() => close(retest)).toThrow(words);
    expect(() => close(retest)).toThrow('a green run of db-loss after run 1');
  });

  test('what is closed is not closed again', () => {
    expect(() => closeFinding(register, 'F-0002', { number: 5, run: run(5, at), facts: facts() })).toThrow(
      'closed by run 4',
    );
  });
});
