import { describe, expect, test } from 'vitest';
import type { ReconciledStore, Reconciliation, ReconciliationEntry } from '../domain/reconciliation.ts';
import { reconcile } from './reconcile.ts';
import { judgeReconciliation } from './reconcile-judge.ts';

const whole = [
  { key: 'a', digest: '1', rowId: '11' },
  { key: 'b', digest: '2', rowId: '12' },
];

function reconciled(
  store: ReconciledStore,
  rows: ReconciliationEntry[],
  items: ReconciliationEntry[],
  scope?: string,
): Promise<Reconciliation> {
  return reconcile({ store, rows, items, ...(scope !== undefined && { scope }) });
}

const first = whole.slice(0, 1);
const surplus = [...whole, { key: 'c', digest: '3' }];
const changed = [...first, { key: 'b', digest: '9' }];
const unknown = [...first, { key: 'b' }];

describe('reconciliation', () => {
  test('passes when both stores hold what the rows say', async () => {
    const results = [await reconciled('objects', whole, whole), await reconciled('search', whole, whole)];
    const findings = judgeReconciliation(results);
    expect(findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'reconciliation.objects pass',
      'reconciliation.search pass',
    ]);
    expect(findings[0]?.actual).toBe('2 rows and 2 objects, 2 compared, all the same');
  });

  test.for([
    ['objects', 'a row without its object', first, 'fail', 'dangling: b (row 12)'],
    ['objects', 'an object without a row', surplus, 'fail', 'orphan: c'],
    ['objects', 'another content', changed, 'fail', 'stale: b (row 12), postgres 2, objects 9'],
    ['objects', 'a content not known', unknown, 'inconclusive', 'uncompared: b (row 12), postgres 2, objects unknown'],
    ['search', 'a row without its document', first, 'fail', 'orphan: b (row 12)'],
    ['search', 'a document without its row', surplus, 'fail', 'dangling: c'],
    ['search', 'another content', changed, 'fail', 'stale: b (row 12), postgres 2, search 9'],
    ['search', 'a content not known', unknown, 'inconclusive', 'uncompared: b (row 12), postgres 2, search unknown'],
  ] as const)('of %s does not pass for %s', async ([store, , items, verdict, evidence]) => {
    const result = await reconciled(store, whole, [...items]);
    const [found] = judgeReconciliation([result], {}, [store]);
    expect(found).toMatchObject({ check: `reconciliation.${store}`, verdict, evidence: [evidence] });
    expect(found?.recommendation !== undefined).toBe(verdict === 'fail');
    const kind = evidence.slice(0, evidence.indexOf(':'));
    // What is accepted passes, and is told all the same.
    const [accepted] = judgeReconciliation([result], { [store]: { [kind]: 1 } }, [store]);
    expect(accepted).toMatchObject({ verdict: 'pass', evidence: [evidence] });
    // The tolerance of the other store, of another kind, or one that is no number does not count.
    const other = store === 'objects' ? 'search' : 'objects';
    const another = kind === 'stale' ? 'orphan' : 'stale';
    for (const tolerance of [{ [other]: { [kind]: 1 } }, { [store]: { [another]: 1 } }, { [store]: { [kind]: NaN } }])
      expect(judgeReconciliation([result], tolerance, [store])[0]?.verdict).toBe(verdict);
  });

  test('counts of both sides that agree prove nothing', async () => {
    const result = await reconciled('objects', whole, [...first, { key: 'z', digest: '2' }]);
    expect(judgeReconciliation([result], {}, ['objects'])[0]).toMatchObject({
      verdict: 'fail',
      actual: '2 rows and 2 objects, 1 compared, 1 rows without their object, 1 objects without a row',
    });
  });

  test('is inconclusive when nothing was compared, whatever is accepted', async () => {
    const nothing = await reconciled('objects', [], []);
    const lost = await reconciled('search', whole, []);
    expect(judgeReconciliation([]).map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
    expect(judgeReconciliation([])[0]?.actual).toBe('not reconciled');
    const tolerance = { search: { orphan: 2 } };
    expect(judgeReconciliation([nothing, lost], tolerance).map(({ verdict }) => verdict)).toEqual([
      'inconclusive',
      'inconclusive',
    ]);
  });

  test('adds the indexes or buckets of a store up, lists the first and says how many more there are', async () => {
    const rows = Array.from({ length: 9 }, (_, index) => ({ key: `${index}`, digest: '1' }));
    const results = [
      await reconciled('search', whole, whole, 'things'),
      await reconciled('search', rows, [], 'people'),
      await reconciled('search', rows, [], 'places'),
    ];
    const [found] = judgeReconciliation(results, { search: { orphan: 17 } }, ['search']);
    expect(found).toMatchObject({
      verdict: 'fail',
      actual: '20 rows and 2 documents, 2 compared, 18 rows without their document',
    });
    expect(found?.expected).toContain('at most 17 rows without their document');
    expect(found?.evidence).toHaveLength(11);
    expect(found?.evidence?.[0]).toBe('orphan: people/0');
    expect(found?.evidence?.at(-1)).toBe('orphan: 8 more');
  });
});
