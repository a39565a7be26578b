import { assert, asyncProperty, constantFrom, integer, oneof, option, record, string, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import {
  reconciledStores,
  type Difference,
  type DifferenceKind,
  type ReconciledStore,
  type ReconciliationEntry,
} from '../domain/reconciliation.ts';
import { reconcile } from './reconcile.ts';
import { compareKeys } from './reconcile-order.ts';
import { sortEntries } from './reconcile-sort.ts';

const entry = (key: string, digest?: string): ReconciliationEntry => (digest === undefined ? { key } : { key, digest });

/** The same by two maps, without regard to memory. */
function model(
  store: ReconciledStore,
  rows: readonly ReconciliationEntry[],
  items: readonly ReconciliationEntry[],
): Record<DifferenceKind, string[]> & { compared: number } {
  const rowDigests = new Map(rows.map(({ key, digest }) => [key, digest]));
  const itemDigests = new Map(items.map(({ key, digest }) => [key, digest]));
  const rowOnly = [...rowDigests.keys()].filter((key) => !itemDigests.has(key));
  const itemOnly = [...itemDigests.keys()].filter((key) => !rowDigests.has(key));
  const both = [...rowDigests.keys()].filter((key) => itemDigests.has(key));
  const known = both.filter((key) => rowDigests.get(key) && itemDigests.get(key));
  return {
    dangling: (store === 'objects' ? rowOnly : itemOnly).sort(),
    orphan: (store === 'objects' ? itemOnly : rowOnly).sort(),
    stale: known.filter((key) => rowDigests.get(key) !== itemDigests.get(key)).sort(),
    uncompared: both.filter((key) => !known.includes(key)).sort(),
    compared: known.length,
  };
}

const character = constantFrom('a', 'b', '/', 'é', '\uD7FF', '\uE000', '\uFF5E', '😀', '\u{10FFFF}');
const key = string({ unit: character, maxLength: 3 });
const side = uniqueArray(
  record({ key, digest: option(constantFrom('1', '2', '3', ''), { nil: undefined }) }).map(({ key: name, digest }) =>
    entry(name, digest),
  ),
  { selector: (one) => one.key, maxLength: 30 },
);
const sorted = (entries: readonly ReconciliationEntry[]): ReconciliationEntry[] =>
  entries.toSorted((one, other) => compareKeys(one.key, other.key));

async function* asynchronously(entries: readonly ReconciliationEntry[]): AsyncGenerator<ReconciliationEntry> {
  for (const one of entries) yield await Promise.resolve(one);
}

describe('reconcile', () => {
  test('finds what a comparison by maps finds, sorted or through sortEntries, in every order of reading', async () => {
    await assert(
      asyncProperty(side, side, constantFrom(...reconciledStores), async (rows, items, store) => {
        const expected = model(store, rows, items);
        const sources = [
          { rows: sorted(rows), items: asynchronously(sorted(items)) },
          { rows: sortEntries(rows), items: sortEntries(asynchronously(items)) },
        ];
        for (const source of sources) {
          const streamed: Difference[] = [];
          const onDifference = (difference: Difference): void => void streamed.push(difference);
          const result = await reconcile({ store, ...source, onDifference });
          const { rows: rowCount, items: itemCount, compared } = result;
          const counts = { rows: rows.length, items: items.length, compared: expected.compared };
          expect({ rows: rowCount, items: itemCount, compared }).toEqual(counts);
          for (const kind of ['dangling', 'orphan', 'stale', 'uncompared'] as const) {
            const { count, first } = result.differences[kind];
            expect(first.map((difference) => difference.key).sort()).toEqual(expected[kind]);
            expect(count).toBe(expected[kind].length);
            expect(streamed.filter((difference) => difference.kind === kind)).toEqual(first);
          }
        }
      }),
    );
  });

  test('lists the first of each kind by key and counts all', async () => {
    const rows = ['a', 'b', 'c', 'd'].map((name) => ({ key: name, digest: '1', rowId: `${name}!` }));
    const result = await reconcile({ store: 'objects', rows, items: [entry('d', '2')], listed: 2, scope: 'files' });
    expect(result).toMatchObject({ pair: ['postgres', 'objects'], scope: 'files', rows: 4, items: 1, compared: 1 });
    expect(result.differences.dangling).toEqual({
      count: 3,
      first: [
        { kind: 'dangling', key: 'a', rowId: 'a!', rowDigest: '1' },
        { kind: 'dangling', key: 'b', rowId: 'b!', rowDigest: '1' },
      ],
    });
    expect(result.differences.stale.first).toEqual([
      { kind: 'stale', key: 'd', rowId: 'd!', rowDigest: '1', itemDigest: '2' },
    ]);
  });

  test('finds what only the store has, in between and after all rows', async () => {
    const items = [entry('a', '1'), entry('b', '1'), entry('d', '1')];
    const { differences, compared } = await reconcile({ store: 'objects', rows: [entry('a', '1')], items });
    expect(differences.orphan.first.map(({ key: name }) => name)).toEqual(['b', 'd']);
    expect(compared).toBe(1);
  });

  test('waits for what is done with each difference', async () => {
    const done: string[] = [];
    await reconcile({
      store: 'search',
      rows: [entry('a', '1'), entry('b', '1')],
      items: [],
      onDifference: async (difference) => {
        await new Promise((resolve) => setImmediate(resolve));
        done.push(difference.key);
      },
    });
    expect(done).toEqual(['a', 'b']);
  });

  test.for([
    ['two entries in the wrong order', ['b', 'a'], 'the keys are not sorted: expected a key after b, actual a'],
    ['the order of UTF-16', ['😀', '\uE000'], 'the keys are not sorted'],
    ['a duplicate', ['a', 'a'], 'a key is there twice: expected each key once, actual a (entry 2 of'],
  ] as const)('refuses %s on either side', async ([, keys, message]) => {
    const wrong = keys.map((name) => entry(name, '1'));
    for (const sides of [
      { rows: wrong, items: [] },
      { rows: [], items: wrong },
    ]) {
      const error = await reconcile({ store: 'objects', ...sides }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DrillError);
      expect((error as DrillError).message).toContain(message);
      expect((error as DrillError).message).toContain(sides.rows.length > 0 ? 'of postgres' : 'of objects');
    }
  });

  test('refuses a key that is no text: it would be compared wrongly', async () => {
    const items = [{ key: 7 as unknown as string, digest: '1' }];
    await expect(reconcile({ store: 'search', rows: [], items })).rejects.toThrow('expected text, actual number');
  });

  test('closes both sources when one of them is refused', async () => {
    const closed: string[] = [];
    async function* open(name: string, keys: string[]): AsyncGenerator<ReconciliationEntry> {
      try {
        for (const one of keys) yield await Promise.resolve(entry(one, '1'));
      } finally {
        closed.push(name);
      }
    }
    const sides = { rows: open('rows', ['a', 'b', 'c']), items: open('items', ['b', 'a', 'c']) };
    await expect(reconcile({ store: 'objects', ...sides })).rejects.toThrow('not sorted');
    expect(closed.sort()).toEqual(['items', 'rows']);
  });
});

describe('compareKeys', () => {
  test('orders as the bytes of UTF-8 do', async () => {
    await assert(
      asyncProperty(key, key, async (one, other) => {
        const expected = Buffer.compare(Buffer.from(one), Buffer.from(other));
        await Promise.resolve();
        expect(Math.sign(compareKeys(one, other))).toBe(expected);
      }),
    );
  });
});

describe('sortEntries', () => {
  test('gives back every entry as it came, sorted, whatever its texts and however many runs are merged', async () => {
    const text = string({ unit: 'binary', maxLength: 8 });
    const digest = oneof(text, constantFrom('', '00ff', '00FF', '0ff', 'ff 0', '9'.repeat(64)));
    const entries = uniqueArray(record({ key: text, digest, rowId: text }, { requiredKeys: ['key'] }), {
      selector: (one) => one.key,
      maxLength: 40,
    });
    await assert(
      asyncProperty(entries, integer({ min: 1, max: 15 }), async (given, entriesPerRun) => {
        const got = await Array.fromAsync(sortEntries(asynchronously(given), { entriesPerRun }));
        expect(got).toEqual(sorted(given).map((one) => ({ ...one })));
      }),
      { numRuns: 200 },
    );
  });

  test('merges runs of their usual size', async () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => String((index * 7_919) % 10_000).padStart(5, '0'));
    const got = await Array.fromAsync(sortEntries(keys.map((name) => entry(name, `digest of ${name}`))));
    expect(got).toEqual(keys.toSorted().map((name) => entry(name, `digest of ${name}`)));
  });

  test('keeps duplicates, so that they are refused', async () => {
    const items = sortEntries([entry('b', '1'), entry('a', '1'), entry('b', '2')]);
    await expect(reconcile({ store: 'search', rows: [], items })).rejects.toThrow('a key is there twice');
  });

  test('says so when there is more than it may keep', async () => {
    const entries = Array.from({ length: 100 }, (_, index) => entry(`key ${index}`, 'digest'));
    const reading = Array.fromAsync(sortEntries(entries, { maxBytes: 1_000 }));
    await expect(reading).rejects.toThrow('there are too many entries to sort in memory');
  });
});
