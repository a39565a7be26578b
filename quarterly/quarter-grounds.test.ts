import { describe, expect, test } from 'vitest';
import { frontOf } from './front.ts';
import { quarterOf } from './quarter-of.ts';
import { facts, inputsOf, run } from './quarter.test-data.ts';
import type { QuarterlyReport, Weakness } from './report.ts';

const greens = () => [run(2, '2026-01-05T02:00Z'), run(3, '2026-02-05T02:00Z'), run(4, '2026-03-05T02:00Z')];

const named = (report: QuarterlyReport, name: string): Weakness | undefined =>
  report.weaknesses.find((weakness) => weakness.name === name);

describe('before the first run', () => {
  const notBegun = () => {
    const inputs = inputsOf([]);
    const { beganAt: _, ...ledger } = inputs.ledger;
    return quarterOf({ ...inputs, ledger });
  };

  test('a quarter is not begun: neither failed nor a pass, on the first page and in the matrix of controls', () => {
    const report = notBegun();
    expect(report).toMatchObject({
      notBegun: true,
      verdict: 'inconclusive',
      headline: expect.stringContaining('not begun'),
    });
    expect(frontOf(report)).toMatchObject({ word: 'NOT BEGUN', verdict: 'not-applicable' });
    expect(report.weaknesses.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(new Set(report.matrix.map(({ verdict }) => verdict))).toEqual(new Set(['not-applicable']));
  });

  test('a quarter without a run after the ledger began is the weakness that it was', () => {
    expect(quarterOf(inputsOf([])).notBegun).toBeUndefined();
    expect(frontOf(quarterOf(inputsOf([]))).word).toBe('FAIL');
  });
});

describe('what was brought back on a built-in stand-in alone', () => {
  const standIns = [{ store: 'search' as const, product: 'Meilisearch' }];
  const report = () =>
    quarterOf(
      inputsOf(greens(), {
        facts: { 2: facts({ standIns }), 3: facts({ standIns }), 4: facts({ standIns }) },
      }),
    );

  test('is no restore of the product, in coverage, restores and the matrix of controls', () => {
    const { restores, coverage, matrix } = report();
    expect(restores.find(({ store }) => store === 'search')).toMatchObject({
      inPeriod: false,
      onStandIn: { run: 4, product: 'Meilisearch', inPeriod: true },
    });
    expect(restores.find(({ store }) => store === 'search')).not.toHaveProperty('last');
    expect(restores.find(({ store }) => store === 'postgres')).toMatchObject({ inPeriod: true });
    expect(coverage[0]?.cells.find(({ store }) => store === 'search')).toMatchObject({ standIn: 'Meilisearch' });
    const restoring = matrix.find(({ controls }) => controls.startsWith('CIS 11.5'));
    expect(restoring).toMatchObject({ verdict: 'inconclusive' });
    expect(restoring?.evidence).toContain(
      'on built-in stand-ins alone, which is no evidence: search (for Meilisearch, run 4)',
    );
  });

  test('is named among what must not be overlooked', () => {
    expect(named(report(), 'stand-ins')?.text).toContain('search (for Meilisearch, run 4)');
    expect(named(quarterOf(inputsOf(greens())), 'stand-ins')).toBeUndefined();
  });
});
